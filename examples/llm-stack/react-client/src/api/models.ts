import { ApiFailure } from "./failure";
import { isRecord } from "./json";
import { requestJson } from "./request";

export interface Model {
  readonly id: string;
  readonly name: string;
}

/** The models that one can chat with; none while Open WebUI has not reached the model gateway. */
export async function listModels(token: string, signal?: AbortSignal): Promise<Model[]> {
  const body = await requestJson("/models", { token, signal });
  if (!isRecord(body) || !Array.isArray(body["data"])) {
    throw new ApiFailure("unexpected", "/models has no list of models");
  }
  return body["data"].filter(isRecord).flatMap(({ id, name, mode }) => {
    if (typeof id !== "string" || (mode !== undefined && mode !== "chat")) return [];
    return [{ id, name: typeof name === "string" ? name : id }];
  });
}

/** The model of the last chat where it still exists, else the one which needs no key. */
export function preferredModel(models: readonly Model[], last?: string): string | undefined {
  const has = (id: string | undefined) => models.some((model) => model.id === id);
  if (has(last)) return last;
  return has("demo") ? "demo" : models[0]?.id;
}
