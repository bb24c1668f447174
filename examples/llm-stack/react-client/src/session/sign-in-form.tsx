import { useState, type FormEvent } from "react";

import type { ApiFailure } from "../api/failure";
import { failureText } from "../api/failure-text";
import type { Credentials } from "../api/sign-in";
import { Mark } from "../parts/mark";
import { Notice } from "../parts/notice";

interface Props {
  readonly onboarding: boolean;
  readonly failure?: ApiFailure | undefined;
  readonly onSubmit: (credentials: Credentials) => Promise<void>;
}

export function SignInForm({ onboarding, failure, onSubmit }: Props) {
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    await onSubmit({ email: String(fields.get("email")).trim(), password: String(fields.get("password")) });
    setBusy(false);
  }

  return (
    <main className="card-page">
      <form className="card" onSubmit={(event) => void submit(event)}>
        <Mark />
        <h1>Sign in</h1>
        <p className="card-lead">
          {onboarding
            ? "Nobody has an account yet. Create the first one in Open WebUI itself, then sign in here."
            : "With your Open WebUI account."}
        </p>
        {failure ? <Notice text={signInText(failure)} /> : null}
        <label>
          E-mail
          <input name="email" type="email" autoComplete="username" required autoFocus />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit" className="primary-button" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}

function signInText(failure: ApiFailure) {
  if (failure.kind !== "refused" || failure.detail === undefined) return failureText(failure);
  return { title: "Not signed in", advice: failure.detail };
}
