import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Action, Commentaire, Convention } from "../../api/convention";
import { jetons } from "../../api/jetons";
import { DialogueAction } from "./DialogueAction";
import type { ActionPresentee } from "./rules";

const convention = {
  uuid: "u",
  version: 7,
  genre: "convention",
  completude: {
    pourcentage: 60,
    bloquants: 1,
    conseilles: 0,
    points: [
      {
        niveau: "B",
        code: "S",
        etape: "bailleur",
        etape_libelle: "Bailleur",
        libelle: "Le nom du signataire est obligatoire.",
        lien: "#",
      },
    ],
  },
} as unknown as Convention;

const asked = (code: string, more: Partial<ActionPresentee> = {}, action: Partial<Action> = {}): ActionPresentee => ({
  cle: code,
  libelle: "Soumettre",
  lien: null,
  manques: [],
  malgre: false,
  action: {
    code,
    libelle: "Soumettre",
    primaire: true,
    confirmation: "Le service recevra le dossier.",
    commentaire: "optionnel",
    preconditions: [],
    ...action,
  },
  ...more,
});

type Sent = { body: unknown; key: string | null; match: string | null };
const sent: Sent[] = [];
const replies: (() => Response)[] = [];
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

beforeEach(() => {
  sent.length = 0;
  replies.length = 0;
  vi.spyOn(jetons, "get").mockResolvedValue("jeton");
  vi.spyOn(window, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    sent.push({
      body: await request.json(),
      key: request.headers.get("Idempotency-Key"),
      match: request.headers.get("If-Match"),
    });
    return replies.shift()?.() ?? json(200, { avertissements: [], convention });
  });
});
afterEach(() => vi.restoreAllMocks());

function show(demande: ActionPresentee, comments: Partial<Commentaire>[] = []) {
  const onFait = vi.fn();
  const onChange = vi.fn();
  function Page() {
    const [message, setMessage] = useState("");
    return (
      <DialogueAction
        convention={convention}
        demande={demande}
        commentaires={comments as Commentaire[]}
        brouillons={[]}
        message={message}
        onMessage={setMessage}
        onFermer={() => undefined}
        onFait={onFait}
        onChange={onChange}
      />
    );
  }
  render(
    <MemoryRouter>
      <QueryClientProvider client={new QueryClient()}>
        <Page />
      </QueryClientProvider>
    </MemoryRouter>,
  );
  const confirm = () => {
    const button = document.querySelector(".fr-modal__footer .fr-btn:not(.fr-btn--secondary)");
    fireEvent.click(button as HTMLElement);
  };
  const write = (text: string) =>
    fireEvent.change(screen.getByRole("textbox", { hidden: true }), { target: { value: text } });
  return { onFait, onChange, confirm, write };
}

describe("confirmation of a command", () => {
  test("it leaves with the version that was read, a key, and no empty message", async () => {
    const { confirm, onFait } = show(asked("soumettre"));
    confirm();
    await waitFor(() => expect(onFait).toHaveBeenCalledOnce());
    expect(sent).toEqual([{ body: {}, key: expect.any(String), match: '"7"' }]);
  });

  test("decision 4: in spite of blocking points, a message is needed and the confirmation is sent", async () => {
    const { confirm, write, onFait } = show(
      asked("soumettre", { malgre: true, libelle: "Soumettre malgré 1 point bloquant" }),
    );
    expect(screen.getByText("Le nom du signataire est obligatoire.")).toBeTruthy();
    confirm();
    expect(
      await screen.findByText("Expliquez au service pourquoi ces points manquent.", { selector: ".fr-error-text" }),
    ).toBeTruthy();
    expect(sent).toEqual([]);
    write("  Nommé le 12 décembre.  ");
    confirm();
    await waitFor(() => expect(onFait).toHaveBeenCalledOnce());
    expect(sent[0]?.body).toEqual({ commentaire: "Nommé le 12 décembre.", confirmer_incomplet: true });
  });

  test("tried again after a failure: same key for the same content, another key for another content", async () => {
    replies.push(
      () => json(503, { status: 503 }),
      () => json(503, { status: 503 }),
    );
    const { confirm, write, onFait } = show(asked("soumettre"));
    confirm();
    await waitFor(() => expect(sent).toHaveLength(1));
    await screen.findByText(/L’action n’a pas abouti/);
    confirm();
    await waitFor(() => expect(sent).toHaveLength(2));
    write("Autre message");
    await waitFor(() => expect(screen.getByRole("textbox", { hidden: true })).toHaveProperty("value", "Autre message"));
    confirm();
    await waitFor(() => expect(onFait).toHaveBeenCalledOnce());
    expect(sent[1]?.key).toBe(sent[0]?.key);
    expect(sent[2]?.key).not.toBe(sent[0]?.key);
  });

  test("412: nothing is sent again, the page is told to read and decide again", async () => {
    replies.push(() => json(412, { status: 412, code: "VERSION_PERIMEE", detail: "Modifiée entre-temps." }));
    const { confirm, onFait, onChange } = show(asked("soumettre"));
    confirm();
    await waitFor(() => expect(onChange).toHaveBeenCalledOnce());
    expect(onFait).not.toHaveBeenCalled();
    expect(sent).toHaveLength(1);
  });

  test("422: every reason is shown, and the dialog stays", async () => {
    replies.push(() =>
      json(422, {
        status: 422,
        detail: "Des éléments manquent.",
        errors: [
          { pointer: "/a", code: "A", detail: "Raison A" },
          { pointer: "/b", code: "B", detail: "Raison B" },
        ],
      }),
    );
    const { confirm, onChange } = show(asked("soumettre"));
    confirm();
    expect(await screen.findByText("Raison A")).toBeTruthy();
    expect(screen.getByText("Raison B")).toBeTruthy();
    expect(onChange).not.toHaveBeenCalled();
  });

  test("a request for corrections names the comments that leave, or warns that there is none", () => {
    show(asked("demander_corrections"), [
      { uuid: "c", statut: "OUVERT", libelle_cible: "Nom", message: "À reprendre" },
      { uuid: "d", statut: "RESOLU" },
    ]);
    expect(screen.getByText(/ouvert partira avec la demande/)).toBeTruthy();
    expect(screen.getByText("À reprendre", { exact: false })).toBeTruthy();
    expect(screen.getByText("M’envoyer une copie du message")).toBeTruthy();
  });
  test("without any comment the bailleur could change nothing: it is said before", () => {
    show(asked("demander_corrections"));
    expect(screen.getByText(/Aucun champ n’est commenté/)).toBeTruthy();
  });
});
