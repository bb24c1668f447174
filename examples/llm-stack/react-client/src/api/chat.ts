import { eventData } from "./event-stream";
import { ApiFailure } from "./failure";
import { isRecord } from "./json";
import { ownWords, request } from "./request";

export interface Turn {
  readonly role: "user" | "assistant";
  readonly content: string;
}

export interface ChatRequest {
  readonly token: string;
  readonly model: string;
  readonly messages: readonly Turn[];
  readonly signal?: AbortSignal;
}

/** The answer, piece by piece as the model writes it. */
export async function* streamAnswer(chat: ChatRequest): AsyncGenerator<string, void, undefined> {
  const { token, model, messages, signal } = chat;
  const response = await request("/chat/completions", {
    method: "POST",
    token,
    body: { model, messages, stream: true },
    signal,
  });
  if (!response.body || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    throw new ApiFailure("unexpected", "the answer to a chat is not a stream");
  }
  try {
    for await (const data of eventData(response.body)) {
      if (data === "[DONE]") return;
      const piece = readPiece(data);
      if (piece !== "") yield piece;
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof ApiFailure) throw thrown;
    throw new ApiFailure("broken-off"); // the connection itself
  }
  signal?.throwIfAborted();
  throw new ApiFailure("broken-off"); // an end without [DONE]
}

/** The text in one chunk of a chat completion; empty for those which carry a role or a reason to finish only. */
function readPiece(data: string): string {
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch {
    throw new ApiFailure("unexpected", "a piece of the answer is not JSON");
  }
  if (!isRecord(chunk)) return "";
  if (isRecord(chunk["error"])) throw new ApiFailure("broken-off", ownWords(chunk));
  const choice: unknown = Array.isArray(chunk["choices"]) ? chunk["choices"][0] : undefined;
  const delta = isRecord(choice) ? choice["delta"] : undefined;
  return isRecord(delta) && typeof delta["content"] === "string" ? delta["content"] : "";
}
