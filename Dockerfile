# Image of the platform: one static binary, with the browser application inside, run by an unprivileged user.
#   docker build -t apilos .
#   docker run --env-file production.env -p 8080:8080 apilos            (web server)
#   docker run --env-file production.env apilos worker                  (background jobs)
#   docker run --env-file production.env apilos migrate up              (before a new version serves)

FROM node:20.19-bookworm-slim AS spa
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend frontend
COPY scripts scripts
RUN bash -euo pipefail -c '. scripts/lib.sh; build_spa'

FROM golang:1.26-bookworm AS binary
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY api api
COPY frontend/embed.go frontend/embed.go
COPY migrations migrations
COPY openapi openapi
COPY --from=spa /src/frontend/dist frontend/dist
COPY --from=spa /src/api/httpapi/docs/ui api/httpapi/docs/ui
ARG VERSION=dev
ARG COMMIT=
ARG DATE=
RUN CGO_ENABLED=0 go build -trimpath \
      -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT} -X main.date=${DATE}" \
      -o /apilos ./api/cmd/apilos

FROM debian:12.11-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/apilos --create-home apilos
COPY --from=binary /apilos /usr/local/bin/apilos
USER 10001
WORKDIR /var/lib/apilos
EXPOSE 8080 9090
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["apilos", "healthcheck"]
ENTRYPOINT ["apilos"]
CMD ["serve"]
