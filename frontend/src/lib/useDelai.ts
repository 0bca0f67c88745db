import { useEffect, useState } from "react";

/** False, then true once `delay` milliseconds have passed: hides what would only flash. */
export function useApres(delay: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delay);
    return () => clearTimeout(timer);
  }, [delay]);
  return passed;
}

/** The last value that stayed unchanged for `delay` milliseconds. */
export function useValeurCalme<T>(value: T, delay: number): T {
  const [calm, setCalm] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return calm;
}
