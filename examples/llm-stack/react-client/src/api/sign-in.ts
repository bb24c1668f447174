import { ApiFailure } from "./failure";
import { isRecord } from "./json";
import { requestJson } from "./request";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** What a server without authentication wants to see: it still hands out tokens, and needs one for everything else. */
export const nobody: Credentials = { email: "", password: "" };

/** A token for an account which may be used. */
export async function signIn(credentials: Credentials, signal?: AbortSignal): Promise<string> {
  const body = await requestJson("/v1/auths/signin", { method: "POST", body: credentials, signal });
  if (!isRecord(body) || typeof body["token"] !== "string") {
    throw new ApiFailure("unexpected", "signing in gave no token");
  }
  if (body["role"] === "pending") {
    throw new ApiFailure("refused", "An administrator of Open WebUI has yet to let this account in.");
  }
  return body["token"];
}
