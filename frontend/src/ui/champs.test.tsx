import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { fautesAxe, rendre } from "../testing/rendu";
import { Combobox, type OptionCombobox } from "./Combobox";
import { FileDrop, phraseEnvoi, refusAvantEnvoi } from "./FileDrop";
import { MultiSelect } from "./MultiSelect";

const BAILLEURS: OptionCombobox[] = [
  { valeur: "1", libelle: "Mon Logis", detail: "SIREN 562880012" },
  { valeur: "2", libelle: "Mon Toit" },
];

function Bailleur({
  chercher,
  onChange,
}: {
  chercher: (text: string) => Promise<OptionCombobox[]>;
  onChange?: (o: OptionCombobox | null) => void;
}) {
  const [value, setValue] = useState<OptionCombobox | null>(null);
  return (
    <Combobox
      libelle="Bailleur"
      valeur={value}
      chercher={chercher}
      onChange={(option) => {
        setValue(option);
        onChange?.(option);
      }}
    />
  );
}

describe("Combobox", () => {
  test("searches from two characters, arrows and Enter choose", async () => {
    const search = vi.fn(async () => BAILLEURS);
    const chosen = vi.fn();
    const { container } = rendre(<Bailleur chercher={search} onChange={chosen} />);
    const input = screen.getByRole("combobox", { name: "Bailleur" });
    await userEvent.type(input, "m");
    expect(search).not.toHaveBeenCalled();
    await userEvent.type(input, "on");
    await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(2));
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    expect(input.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { name: "Mon Toit" }).id);
    await userEvent.keyboard("{Enter}");
    expect(chosen).toHaveBeenLastCalledWith(BAILLEURS[1]);
    expect((input as HTMLInputElement).value).toBe("Mon Toit");
    expect(input.getAttribute("aria-expanded")).toBe("false");
  });
  test("arrow up from nothing goes to the last option", async () => {
    rendre(<Bailleur chercher={async () => BAILLEURS} />);
    const input = screen.getByRole("combobox", { name: "Bailleur" });
    await userEvent.type(input, "mon");
    await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(2));
    await userEvent.keyboard("{ArrowUp}");
    expect(input.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { name: "Mon Toit" }).id);
  });
  test("says when nothing matches, and when the search failed", async () => {
    const search = vi
      .fn<(text: string) => Promise<OptionCombobox[]>>()
      .mockResolvedValueOnce([])
      .mockRejectedValueOnce(new Error("x"));
    rendre(<Bailleur chercher={search} />);
    const input = screen.getByRole("combobox", { name: "Bailleur" });
    await userEvent.type(input, "zz");
    expect(await screen.findByText(/Aucune proposition pour « zz »/)).toBeTruthy();
    await userEvent.type(input, "z");
    expect(await screen.findByText(/n’a pas abouti/)).toBeTruthy();
  });
  test("leaving without choosing puts the chosen text back; the button empties", async () => {
    const chosen = vi.fn();
    rendre(<Bailleur chercher={async () => BAILLEURS} onChange={chosen} />);
    const input = screen.getByRole("combobox", { name: "Bailleur" }) as HTMLInputElement;
    await userEvent.type(input, "mon");
    await userEvent.click(await screen.findByRole("option", { name: /Mon Logis/ }));
    await userEvent.type(input, "xyz");
    act(() => input.blur());
    expect(input.value).toBe("Mon Logis");
    await userEvent.click(screen.getByRole("button", { name: "Effacer Bailleur" }));
    expect(chosen).toHaveBeenLastCalledWith(null);
    expect(input.value).toBe("");
  });
});

describe("MultiSelect", () => {
  const options = [
    { valeur: "PLUS", libelle: "PLUS" },
    { valeur: "PLAI", libelle: "PLAI" },
    { valeur: "PLS", libelle: "PLS" },
  ];
  function Financement({ onChange }: { onChange: (v: string[]) => void }) {
    const [values, setValues] = useState<string[]>([]);
    return (
      <MultiSelect
        libelle="Financement"
        nomPluriel="financements"
        options={options}
        valeurs={values}
        onChange={(v) => {
          setValues(v);
          onChange(v);
        }}
      />
    );
  }
  test("keeps the order of the options, counts, closes with Escape", async () => {
    const changed = vi.fn();
    const { container } = rendre(<Financement onChange={changed} />);
    const button = screen.getByRole("button", { name: "Financement Tous" });
    await userEvent.click(button);
    await userEvent.click(screen.getByRole("checkbox", { name: "PLS" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "PLUS" }));
    expect(changed).toHaveBeenLastCalledWith(["PLUS", "PLS"]);
    expect(button.textContent).toBe("2 financements");
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.keyboard("{Escape}");
    expect(button.getAttribute("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(button);
  });
});

const pdf = (size = 1000, name = "signee.pdf", type = "application/pdf") =>
  new File([new Uint8Array(size)], name, { type });
const RULES = ["application/pdf", ".pdf"];

describe("FileDrop", () => {
  test("type, emptiness and size are refused before sending, in words", () => {
    expect(refusAvantEnvoi(pdf(), RULES, 10_000)).toBeNull();
    expect(refusAvantEnvoi(pdf(10, "a.PDF", ""), RULES, 10_000)).toBeNull();
    expect(refusAvantEnvoi(pdf(10, "a.docx", "application/msword"), RULES, 10_000)).toContain("PDF");
    expect(refusAvantEnvoi(pdf(0), RULES, 10_000)).toContain("vide");
    expect(refusAvantEnvoi(pdf(20_000), RULES, 10_000)).toContain("limite");
  });
  test("progress in words", () =>
    expect(phraseEnvoi(3_100_000, 7_400_000)).toBe("Envoi 41\u202f% (3,1\u202fMo sur 7,4\u202fMo)"));

  test("sends, shows progress, can be cancelled, says when it has arrived", async () => {
    let progress: (sent: number, total: number) => void = () => undefined;
    let finish: () => void = () => undefined;
    const send = vi.fn(
      (_file: File, o: { signal: AbortSignal; onProgression: (s: number, t: number) => void }) =>
        new Promise<void>((resolve, reject) => {
          progress = o.onProgression;
          finish = resolve;
          o.signal.addEventListener("abort", () => reject(new DOMException("stop", "AbortError")));
        }),
    );
    const received = vi.fn();
    const { container } = rendre(
      <FileDrop libelle="Document signé" accepte={RULES} tailleMax={10_000} envoyer={send} onRecu={received} />,
    );
    const input = screen.getByLabelText("Document signé");

    fireEvent.change(input, { target: { files: [pdf()] } });
    await screen.findByText(/Envoi 0/);
    act(() => progress(420, 1000));
    expect(screen.getByText(/Envoi 42/, { selector: "span" })).toBeTruthy();
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Annuler l’envoi" }));
    await waitFor(() => expect(screen.queryByText(/Envoi 42/, { selector: "span" })).toBeNull());
    expect(received).not.toHaveBeenCalled();

    fireEvent.change(input, { target: { files: [pdf()] } });
    await screen.findByText(/Envoi 0/);
    await act(async () => finish());
    expect(received).toHaveBeenCalledOnce();
    expect(screen.getByText(/Fichier reçu/)).toBeTruthy();
  });

  test("a refusal of the server is said and can be tried again with the same file", async () => {
    const send = vi.fn().mockRejectedValueOnce(new Error("x")).mockResolvedValueOnce(undefined);
    rendre(<FileDrop libelle="Document signé" accepte={RULES} tailleMax={10_000} envoyer={send} />);
    fireEvent.change(screen.getByLabelText("Document signé"), { target: { files: [pdf()] } });
    await userEvent.click(await screen.findByRole("button", { name: "Réessayer l’envoi" }));
    expect(await screen.findByText(/Fichier reçu/)).toBeTruthy();
    expect(send).toHaveBeenCalledTimes(2);
  });

  test("a wrong file is never sent", async () => {
    const send = vi.fn();
    rendre(<FileDrop libelle="Document signé" accepte={RULES} tailleMax={10_000} envoyer={send} />);
    fireEvent.drop(screen.getByText(/Déposez le fichier/), {
      dataTransfer: { files: [pdf(10, "a.exe", "application/x-msdownload")] },
    });
    expect(await screen.findByText(/pas accepté ici/, { selector: "p span" })).toBeTruthy();
    expect(send).not.toHaveBeenCalled();
  });
});
