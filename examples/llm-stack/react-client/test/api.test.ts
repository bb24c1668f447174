import { afterEach, expect, test, vi } from "vitest";

import { streamAnswer } from "../src/api/chat";
import { readConfig } from "../src/api/config";
import { asFailure, type ApiFailure } from "../src/api/failure";
import { failureText } from "../src/api/failure-text";
import { listModels, preferredModel } from "../src/api/models";
import { nobody, signIn } from "../src/api/sign-in";
import { collect, replay } from "./replay";

const token = "token-of-the-recording";
const question = [{ role: "user", content: "Hello, are you there?" }] as const;
const chat = (model: string) => collect(streamAnswer({ token, model, messages: question }));
const ada = { email: "ada@example.com", password: "correct horse battery staple" };

async function failure(attempt: Promise<unknown>): Promise<ApiFailure> {
  return asFailure(await attempt.then(() => expect.fail("this should fail"), (thrown: unknown) => thrown));
}

afterEach(() => vi.unstubAllGlobals());

test.each([
  ["config-auth-off", { authentication: false, onboarding: true }],
  ["config-auth-on", { authentication: true, onboarding: false }],
  ["config-no-account", { authentication: true, onboarding: true }],
])("%s", async (name, config) => {
  replay(name);
  expect(await readConfig()).toEqual(config);
});

test("a server without authentication gives a token to nobody in particular", async () => {
  replay("sign-in-auth-off");
  expect(await signIn(nobody)).toBe(token);
});

test("a password gives a token", async () => {
  replay("sign-in");
  expect(await signIn(ada)).toBe(token);
});

test("a wrong password is refused in Open WebUI's words", async () => {
  replay("sign-in-wrong-password");
  const refused = await failure(signIn({ ...ada, password: "wrong" }));
  expect(refused).toMatchObject({ kind: "refused", detail: expect.stringContaining("incorrect") });
});

test("an account that waits for an administrator is refused with the reason", async () => {
  replay("sign-in-pending");
  const refused = await failure(signIn({ ...ada, email: "grace@example.com" }));
  expect(refused).toMatchObject({ kind: "refused", detail: expect.stringContaining("administrator") });
});

test("models are those that one can chat with", async () => {
  replay("models");
  const ids = (await listModels(token)).map((model) => model.id);
  expect(ids).toContain("demo");
  expect(ids).toContain("gpt-4o-mini");
  expect(ids).not.toContain("text-embedding-3-small");
});

test("there are no models before Open WebUI has reached LiteLLM", async () => {
  replay("models-gateway-down");
  expect(await listModels(token)).toEqual([]);
});

test("a token that is not good signs out", async () => {
  replay("models-with-bad-token");
  expect(await failure(listModels("stale"))).toMatchObject({ kind: "signed-out" });
});

test("the model of the last chat is preferred, then the demo, then the first", () => {
  const models = [
    { id: "a", name: "A" },
    { id: "demo", name: "Demo" },
  ];
  expect(preferredModel(models, "a")).toBe("a");
  expect(preferredModel(models, "gone")).toBe("demo");
  expect(preferredModel(models.slice(0, 1))).toBe("a");
  expect(preferredModel([])).toBeUndefined();
});

test.each([1, 50, 100_000])("an answer streams, in chunks of %i bytes", async (size) => {
  replay("chat-stream", size);
  const pieces = await chat("demo");
  expect(pieces.length).toBeGreaterThan(100);
  expect(pieces.join("")).toMatch(/^Hello! Everything works.*`litellm\/config\.yaml`\.\n$/s);
});

test.each([
  ["chat-unknown-model", "nonesuch", "refused", "Model not found"],
  ["chat-gateway-down", "demo", "gateway-down", undefined],
  ["chat-provider-unreachable", "gpt-4o-mini", "model", expect.stringContaining("Connection error")],
] as const)("%s", async (name, model, kind, detail) => {
  replay(name);
  expect(await failure(chat(model))).toMatchObject({ kind, detail });
});

test("what came before an answer broke off is kept", async () => {
  replay("chat-breaks-off");
  const pieces: string[] = [];
  const reading = (async () => {
    for await (const piece of streamAnswer({ token, model: "breaks-off", messages: question })) pieces.push(piece);
  })();
  expect(await failure(reading)).toMatchObject({ kind: "broken-off" });
  expect(pieces.join("")).toBe("I was about to");
});

test.each([502, 503, 504])("status %i of the proxy means that Open WebUI is starting", async (status) => {
  vi.stubGlobal("fetch", async () => new Response("<html>Bad Gateway</html>", { status }));
  expect(await failure(readConfig())).toMatchObject({ kind: "starting" });
});

test("no connection at all is unreachable", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  expect(await failure(readConfig())).toMatchObject({ kind: "unreachable" });
});

test("a page in place of the API is not understood", async () => {
  vi.stubGlobal("fetch", async () => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }));
  expect(await failure(readConfig())).toMatchObject({ kind: "unexpected" });
  expect(await failure(chat("demo"))).toMatchObject({ kind: "unexpected" });
});

test("stopping is an abort, not a failure", async () => {
  replay("chat-stream", 10);
  const stop = new AbortController();
  const answer = streamAnswer({ token, model: "demo", messages: question, signal: stop.signal });
  await answer.next();
  stop.abort();
  await expect(collect(answer)).rejects.toMatchObject({ name: "AbortError" });
});

test("each failure says what to do", async () => {
  replay("chat-provider-unreachable");
  expect(failureText(await failure(chat("gpt-4o-mini")))).toMatchObject({
    title: expect.any(String),
    advice: expect.stringContaining(".env.dev"),
    detail: expect.stringContaining("litellm"),
  });
});
