import { useCallback, useEffect, useState } from "react";

import { readConfig } from "../api/config";
import { asFailure, type ApiFailure } from "../api/failure";
import { listModels, type Model } from "../api/models";
import { nobody, signIn, type Credentials } from "../api/sign-in";
import { storedToken } from "./token";

export type Session =
  | { readonly phase: "connecting" }
  /** Something is not up yet; the page tries again by itself. */
  | { readonly phase: "waiting"; readonly failure: ApiFailure }
  | { readonly phase: "sign-in"; readonly onboarding: boolean; readonly failure?: ApiFailure }
  | { readonly phase: "ready"; readonly token: string; readonly models: readonly Model[]; readonly authentication: boolean };

export interface SessionControl {
  readonly session: Session;
  readonly retry: () => void;
  readonly signInWith: (credentials: Credentials) => Promise<void>;
  readonly signOut: () => void;
}

const retryAfter = 3000;

export function useSession(): SessionControl {
  const [session, setSession] = useState<Session>({ phase: "connecting" });
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    const leaving = new AbortController();
    connect(leaving.signal).then(setSession, (thrown: unknown) => {
      if (!leaving.signal.aborted) setSession({ phase: "waiting", failure: asFailure(thrown) });
    });
    return () => leaving.abort();
  }, [attempt]);

  // No models means that LiteLLM was not up when Open WebUI asked it.
  const incomplete = session.phase === "waiting" || (session.phase === "ready" && session.models.length === 0);
  useEffect(() => {
    if (!incomplete) return;
    const timer = setTimeout(retry, retryAfter);
    return () => clearTimeout(timer);
  }, [incomplete, session, retry]);

  const signInWith = useCallback(async (credentials: Credentials) => {
    try {
      storedToken.write(await signIn(credentials));
      setSession(await connect());
    } catch (thrown) {
      setSession({ phase: "sign-in", onboarding: false, failure: asFailure(thrown) });
    }
  }, []);

  const signOut = useCallback(() => {
    storedToken.write(undefined);
    retry();
  }, [retry]);

  return { session, retry, signInWith, signOut };
}

/** As far as one gets without asking the person anything. */
async function connect(signal?: AbortSignal): Promise<Session> {
  const { authentication, onboarding } = await readConfig(signal);
  const token = authentication ? storedToken.read() : await signIn(nobody, signal);
  if (token === undefined) return { phase: "sign-in", onboarding };
  try {
    return { phase: "ready", token, models: await listModels(token, signal), authentication };
  } catch (thrown) {
    if (!authentication || asFailure(thrown).kind !== "signed-out") throw thrown;
    storedToken.write(undefined);
    return { phase: "sign-in", onboarding };
  }
}
