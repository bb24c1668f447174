/** What can go wrong between this page and a model, as far as a person can tell the cases apart. */
export type FailureKind =
  | "unreachable" // the page's own server does not answer
  | "starting" // it does, but Open WebUI behind it does not
  | "gateway-down" // Open WebUI does, but LiteLLM behind it does not
  | "model" // LiteLLM does, but the model or its provider does not
  | "broken-off" // the answer ended in the middle
  | "signed-out" // a token is missing, or no longer good
  | "refused" // Open WebUI says no, and says why
  | "unexpected"; // an answer which this page cannot read

export class ApiFailure extends Error {
  readonly kind: FailureKind;
  /** The server's own words, where it has any. */
  readonly detail: string | undefined;

  constructor(kind: FailureKind, detail?: string) {
    super(detail ?? kind);
    this.name = "ApiFailure";
    this.kind = kind;
    this.detail = detail;
  }
}

/** Anything thrown, as a failure; what stems from a programming fault keeps its message as the detail. */
export function asFailure(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) return thrown;
  return new ApiFailure("unexpected", thrown instanceof Error ? thrown.message : String(thrown));
}
