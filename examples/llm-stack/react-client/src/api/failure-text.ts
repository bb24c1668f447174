import type { ApiFailure, FailureKind } from "./failure";

/** A failure in words: what happened, and what to do now. */
export interface FailureText {
  readonly title: string;
  readonly advice: string;
  readonly detail?: string;
}

const texts: Record<FailureKind, { title: string; advice: string }> = {
  unreachable: {
    title: "The server does not answer",
    advice: "Are you online, and does “skaffold dev --port-forward” still run?",
  },
  starting: {
    title: "Open WebUI is still starting",
    advice: "After a deployment this takes a minute or two. Nothing is lost.",
  },
  "gateway-down": {
    title: "The model gateway does not answer",
    advice: "LiteLLM may still be starting. Try again in a moment.",
  },
  model: {
    title: "The model could not answer",
    advice: "Is its provider’s key in .env.dev? The model “demo” needs none.",
  },
  "broken-off": {
    title: "The answer broke off",
    advice: "The connection was lost on the way. Try again.",
  },
  "signed-out": {
    title: "You are signed out",
    advice: "Sign in again to go on. Your conversations are still here.",
  },
  refused: {
    title: "Open WebUI refused this",
    advice: "Its reason is below.",
  },
  unexpected: {
    title: "This page did not understand the answer",
    advice: "Is Open WebUI behind it, in the version that the page was made for?",
  },
};

export function failureText({ kind, detail }: ApiFailure): FailureText {
  return detail === undefined ? texts[kind] : { ...texts[kind], detail };
}
