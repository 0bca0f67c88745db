/** Around the pages of one convention: its expert mode is lost when they are left (02 PE-34). */
import { useEffect } from "react";
import { Outlet, useParams } from "react-router";
import { quitterModeExpert } from "../../api/modeExpert";

export function GardeModeExpert() {
  const { uuid = "" } = useParams();
  useEffect(() => () => quitterModeExpert(uuid), [uuid]);
  return <Outlet />;
}
