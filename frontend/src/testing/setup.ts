import { setLink } from "@codegouvfr/react-dsfr/link";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { Lien } from "../ui/Lien";

setLink({ Link: Lien as Parameters<typeof setLink>[0]["Link"] });

// Long enough for a busy machine; a test that passes never waits for it.
configure({ asyncUtilTimeout: 8000 });

afterEach(() => cleanup());
