import { baseUrl } from "./base-url";
import { ApiFailure } from "./failure";
import { isRecord } from "./json";

export interface RequestOptions {
  readonly method?: "GET" | "POST";
  readonly token?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request to Open WebUI's API; every way to fail but the caller's own abort is an {@link ApiFailure}.
 *
 * Cookies are left out on purpose: they are shared by all ports of a host, so that of an Open WebUI on localhost:8080
 * would be sent here too, and what a person may do must depend on the token alone.
 */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = "GET", token, body, signal } = options;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";

  let response: Response;
  try {
    response = await fetch(baseUrl + path, {
      method,
      headers,
      credentials: "omit",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new ApiFailure("unreachable", thrown instanceof Error ? thrown.message : undefined);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** The body of an answer which has to be JSON. */
export async function requestJson(path: string, options: RequestOptions = {}): Promise<unknown> {
  const response = await request(path, options);
  try {
    return await response.json();
  } catch {
    options.signal?.throwIfAborted();
    throw new ApiFailure("unexpected", `${path} is not JSON`);
  }
}

const gatewayDown = "Open WebUI: Server Connection Error";

async function refusal(response: Response): Promise<ApiFailure> {
  // What a proxy says when nobody listens behind it.
  if (response.status === 502 || response.status === 503 || response.status === 504) return new ApiFailure("starting");

  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 401) return new ApiFailure("signed-out", ownWords(body));
  // Open WebUI passes LiteLLM's errors on as they are: an object, where its own are a `detail`.
  if (isRecord(body) && isRecord(body["error"])) return new ApiFailure("model", ownWords(body));
  const words = ownWords(body);
  if (words === gatewayDown) return new ApiFailure("gateway-down");
  return words === undefined ? new ApiFailure("unexpected", `status ${response.status}`) : new ApiFailure("refused", words);
}

/** The sentence for people in an error of Open WebUI (`detail`) or LiteLLM (`error.message`). */
export function ownWords(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  if (typeof body["detail"] === "string") return body["detail"];
  const error = body["error"];
  return isRecord(error) && typeof error["message"] === "string" ? error["message"] : undefined;
}
