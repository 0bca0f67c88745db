# shellcheck shell=bash
# Named checks, for scripts/lint and scripts/test; sourced, never run. Each result is a line of the file named by CHECKS,
# "pass|fail|skip <TAB> name <TAB> reason", which scripts/testsum adds up.

CHECKS="${CHECKS:-}"
failures=0

record() {
  [ -z "$CHECKS" ] || printf '%s\t%s\t%s\n' "$1" "$2" "${3:-}" >>"$CHECKS"
}

# check NAME COMMAND... : runs the command, shows its output only if it fails, and goes on.
check() {
  local name=$1 output started=$SECONDS
  shift
  if output=$("$@" 2>&1); then
    say "ok   $name ($((SECONDS - started)) s)"
    record pass "$name"
  else
    say "$output"
    say "NON  $name"
    record fail "$name" "voir plus haut"
    failures=$((failures + 1))
    return 0
  fi
}

# skip NAME REASON : says what was not done, and why.
skip() {
  say "sauté $1 : $2"
  record skip "$1" "$2"
}

# end_of_checks : the exit code of a script that ran checks.
end_of_checks() {
  [ "$failures" -eq 0 ]
}
