import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { Identite } from "./Identite";

function Essai() {
  const [jeton, setJeton] = useState("");
  const moi = { isError: false, data: undefined } as Parameters<typeof Identite>[0]["moi"];
  return <Identite session={false} jeton={jeton} onJeton={setJeton} moi={moi} />;
}

test("a token that is too short is told when the field is left, not while it is typed", async () => {
  render(<Essai />);
  const champ = screen.getByLabelText(/^Jeton de votre client/);
  const message = /compte 32 lettres et chiffres/;
  await userEvent.type(champ, "trop-court");
  expect(screen.queryByText(message)).toBeNull();
  await userEvent.tab();
  expect(screen.getByText(message)).toBeTruthy();
  await userEvent.clear(champ);
  await userEvent.tab();
  expect(screen.queryByText(message), "nothing typed, nothing wrong").toBeNull();
});
