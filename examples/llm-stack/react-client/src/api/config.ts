import { ApiFailure } from "./failure";
import { isRecord } from "./json";
import { requestJson } from "./request";

export interface ServerConfig {
  /** Whether people have accounts; without, anyone who reaches the server gets a token. */
  readonly authentication: boolean;
  /** Whether nobody has an account yet. */
  readonly onboarding: boolean;
}

export async function readConfig(signal?: AbortSignal): Promise<ServerConfig> {
  const body = await requestJson("/config", { signal });
  if (!isRecord(body) || !isRecord(body["features"]) || typeof body["features"]["auth"] !== "boolean") {
    throw new ApiFailure("unexpected", "/config does not say whether authentication is on");
  }
  return { authentication: body["features"]["auth"], onboarding: body["onboarding"] === true };
}
