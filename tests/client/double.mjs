// A stand-in for Open WebUI behind the page's own server: it serves the built page, and under /api it replays
// contract/*.json. It knows no other answer: a request which is not in the recording gets 501 and is remembered.
//
//   node double.mjs [PORT]        serves ../../examples/llm-stack/react-client/dist
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
export const builtPage = join(here, "../../examples/llm-stack/react-client/dist");

/** Recordings which one server could give at one time. */
export const scenarios = {
  authOff: ["config-auth-off", "sign-in-auth-off", "models", "chat-stream", "chat-provider-unreachable"],
  authOn: ["config-auth-on", "sign-in", "sign-in-wrong-password", "sign-in-pending", "models", "models-with-bad-token", "chat-stream"],
  nobodyHasAnAccount: ["config-no-account"],
  gatewayNeverUp: ["config-auth-off", "sign-in-auth-off", "models-gateway-down"],
  gatewayDown: ["config-auth-off", "sign-in-auth-off", "models", "chat-gateway-down"],
};

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** `pace` is the time in milliseconds between two events of a stream. */
export async function startDouble({ page = builtPage, port = 0, pace = 5 } = {}) {
  let exchanges = [];
  let down = false;
  const double = {
    pace,
    /** Requests which no recording answers. */
    unknown: [],
    /** Streams whose reader left before their end. */
    left: 0,
    async play(scenario) {
      down = false;
      exchanges = await Promise.all(scenario.map(async (name) => JSON.parse(await readFile(join(here, `contract/${name}.json`), "utf8"))));
    },
    /** As if nobody listened behind the proxy. */
    stopServing() {
      down = true;
    },
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  };

  const server = createServer(async (request, response) => {
    try {
      if (request.url.startsWith("/api/")) await answer(request, response);
      else await file(request, response);
    } catch (thrown) {
      response.writeHead(500).end(String(thrown));
    }
  });

  async function answer(request, response) {
    if (down) return response.writeHead(502, { "Content-Type": "text/html" }).end("<h1>502 Bad Gateway</h1>");
    let text = "";
    for await (const part of request) text += part;
    const asked = {
      method: request.method,
      path: request.url,
      ...(request.headers.authorization && { authorization: request.headers.authorization }),
      ...(text && { body: JSON.parse(text) }),
    };
    const exchange = exchanges.find((each) => isDeepStrictEqual(likeRecorded(each.request), likeRecorded(asked)));
    if (!exchange) {
      double.unknown.push(asked);
      return response.writeHead(501).end("not in the recording");
    }
    const { status, contentType, body } = exchange.response;
    response.writeHead(status, { "Content-Type": contentType });
    if (typeof body !== "string") return response.end(JSON.stringify(body));
    for (const event of body.split(/(?<=\n\n)/)) {
      if (response.destroyed) {
        double.left += 1;
        return;
      }
      response.write(event);
      await pause(double.pace);
    }
    response.end();
  }

  async function file(request, response) {
    const path = new URL(request.url, "http://page").pathname;
    const name = normalize(extname(path) ? path : "/index.html");
    const content = await readFile(join(page, name)).catch(() => undefined);
    if (!content) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": types[extname(name)] ?? "application/octet-stream",
      // The page must work with the strictest policy that its real server may send.
      "Content-Security-Policy": "default-src 'self'",
    });
    response.end(content);
  }

  await double.play(scenarios.authOff);
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  double.url = `http://127.0.0.1:${server.address().port}`;
  return double;
}

/** People ask other questions than the recording: of the messages, only their form counts. */
function likeRecorded(request) {
  if (!Array.isArray(request.body?.messages)) return request;
  const forms = request.body.messages.map((message) =>
    isDeepStrictEqual(Object.keys(message), ["role", "content"]) && typeof message.content === "string" ? "turn" : message,
  );
  return { ...request, body: { ...request.body, messages: [...new Set(forms)] } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const double = await startDouble({ port: Number(process.argv[2] ?? 3000), pace: 30 });
  console.log(double.url);
}
