// The built page in a real browser, with the recorded Open WebUI behind it. Screenshots come to $SCREENSHOTS.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { launchBrowser } from "./browser.mjs";
import { scenarios, startDouble } from "./double.mjs";

const question = "Hello, are you there?";
const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 780 };

let browser, double, context, page, faults;

before(async () => {
  browser = await launchBrowser();
  if (process.env.SCREENSHOTS) await mkdir(process.env.SCREENSHOTS, { recursive: true });
});
after(() => browser?.close());

beforeEach(async () => {
  double = await startDouble();
});
afterEach(async () => {
  await context?.close();
  await double.close();
  assert.deepEqual(double.unknown, [], "the client asked what no recording answers");
  assert.deepEqual(faults, [], "the page threw");
});

async function open(options = {}) {
  context = await browser.newContext({ viewport: wide, colorScheme: "light", ...options });
  page = await context.newPage();
  faults = [];
  page.on("pageerror", (fault) => faults.push(String(fault)));
  page.on("console", (line) => line.text().includes("Content Security Policy") && faults.push(line.text()));
  page.setDefaultTimeout(10_000);
  await page.goto(double.url);
}

const message = () => page.getByRole("textbox", { name: "Message" });
const button = (name) => page.getByRole("button", { name, exact: true });
const answer = () => page.getByRole("article", { name: /^Answer of/ }).last();

async function ask(text = question) {
  await message().fill(text);
  await page.keyboard.press("Enter");
}

async function whole() {
  await answer().getByText("litellm/config.yaml").waitFor();
  await button("Send").waitFor();
}

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A picture for people, and the same view judged by the rules of accessibility (WCAG 2.2 AA) that a program can judge. */
async function shot(name) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(found, [], `${name} is not accessible to everyone`);
}

const picked = () => page.getByRole("combobox", { name: "Model" }).inputValue();

test("signs in by itself where authentication is off, chats, and shows the answer while it streams", async () => {
  double.pace = 15;
  await open();
  await button("New chat").first().waitFor();
  assert.equal(await picked(), "demo");
  await shot("welcome");
  await ask();
  await button("Stop").waitFor();
  await answer().getByText("Everything works").waitFor();
  assert.equal(await answer().getAttribute("aria-busy"), "true");
  await shot("streaming");
  await whole();
  await shot("answer");

  assert.equal(await answer().locator("strong", { hasText: "Open WebUI" }).count(), 1, "Markdown is formatted");
  assert.equal(await answer().locator("ol li").count(), 3);
  assert.match(await answer().locator("pre").innerText(), /^litellm-secret\.openai-api-key=sk-/);
});

test("Shift+Enter begins a line, Enter sends, and an empty message is not sent", async () => {
  await open();
  await message().fill("   ");
  await page.keyboard.press("Enter");
  assert.equal(await button("Send").isDisabled(), true);
  await message().fill("one");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two");
  assert.equal(await message().inputValue(), "one\ntwo");
  await page.keyboard.press("Enter");
  await whole();
  assert.equal(await page.getByRole("article", { name: "You" }).innerText(), "one\ntwo");
  assert.equal(await message().inputValue(), "");
});

test("Stop ends the request and keeps what was written", async () => {
  double.pace = 40;
  await open();
  await ask();
  await answer().getByText("Everything works").waitFor();
  await button("Stop").click();
  await answer().getByText("Stopped", { exact: true }).waitFor();
  await shot("stopped");
  const kept = await answer().innerText();
  await page.waitForTimeout(300);
  assert.equal(await answer().innerText(), kept, "nothing is added after the stop");
  assert.equal(double.left, 1, "the server saw its reader leave");

  double.pace = 2;
  await button("Answer again").click();
  await whole();
  assert.equal(await page.getByRole("article", { name: /^Answer of/ }).count(), 1, "the new answer replaces the old one");
});

test("conversations outlive a reload, can be opened again and deleted", async () => {
  await open();
  await ask();
  await whole();
  await button("New chat").first().click();
  await ask("What is a pod?");
  await whole();
  await page.reload();
  await button("What is a pod?").waitFor();
  await button(question).click();
  await answer().getByText("Everything works").waitFor();
  assert.equal(await page.getByRole("article", { name: "You" }).innerText(), question);
  await ask("And now?");
  await whole();
  assert.equal(await page.getByRole("article", { name: "You" }).count(), 2);
  await shot("conversations");
  await button(`Delete “${question}”`).click();
  await page.getByRole("heading", { name: "What can I do for you?" }).waitFor();
  assert.equal(await button(question).count(), 0);
});

test("a model without a key says what is missing, and another can be chosen", async () => {
  await open();
  await page.getByRole("combobox", { name: "Model" }).selectOption("gpt-4o-mini");
  await ask();
  await page.getByRole("alert").getByText("The model could not answer").waitFor();
  await page.getByRole("alert").getByText(".env.dev").waitFor();
  await shot("provider-failed");
  await page.getByRole("combobox", { name: "Model" }).selectOption("demo");
  await button("Try again").click();
  await whole();
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("a gateway that is down is named, and tried again when asked", async () => {
  await open();
  await message().waitFor();
  await double.play(scenarios.gatewayDown);
  await ask();
  await page.getByRole("alert").getByText("The model gateway does not answer").waitFor();
  await shot("gateway-down");
  await double.play(scenarios.authOff);
  await button("Try again").click();
  await whole();
});

test("the page waits for a server that is starting, then for models, and goes on by itself", async () => {
  double.stopServing();
  await open();
  await page.getByText("Open WebUI is still starting").waitFor();
  await shot("starting");
  await double.play(scenarios.gatewayNeverUp);
  await page.getByText("There are no models yet").waitFor();
  assert.equal(await message().isDisabled(), true);
  await shot("no-models");
  await double.play(scenarios.authOff);
  await page.getByText("There are no models yet").waitFor({ state: "hidden" });
  await ask();
  await whole();
});

test("asks for a password only where the server has accounts, and remembers who signed in", async () => {
  await double.play(scenarios.authOn);
  await open();
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("incorrect").waitFor();
  await shot("sign-in");
  await page.getByLabel("Password").fill("correct horse battery staple");
  await button("Sign in").click();
  await ask();
  await whole();
  await page.reload();
  await button(question).click();
  await answer().getByText("Everything works").waitFor();

  await button("Sign out").click();
  await page.getByLabel("Password").waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("llm-stack.token")), null);

  await page.getByLabel("E-mail").fill("grace@example.com");
  await page.getByLabel("Password").fill("correct horse battery staple");
  await button("Sign in").click();
  await page.getByRole("alert").getByText("administrator").waitFor();
});

test("a token that is no longer good leads to the form, not to an error", async () => {
  await double.play(scenarios.authOn);
  await open();
  await page.evaluate(() => localStorage.setItem("llm-stack.token", "stale"));
  await page.reload();
  await page.getByLabel("Password").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("says where the first account is made", async () => {
  await double.play(scenarios.nobodyHasAnAccount);
  await open();
  await page.getByText("Nobody has an account yet").waitFor();
});

test("follows the system's theme until the person chooses one", async () => {
  await open({ colorScheme: "dark" });
  await message().waitFor();
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await background();
  await shot("dark-welcome");
  await ask();
  await whole();
  await shot("dark");
  await page.getByRole("button", { name: /^Theme: system/ }).click();
  assert.notEqual(await background(), dark);
  await page.reload();
  await message().waitFor();
  assert.notEqual(await background(), dark, "the choice outlives a reload");
});

test("fits a phone, where conversations slide in", async () => {
  await open({ viewport: phone, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
  await message().waitFor();
  await shot("phone-welcome");
  assert.equal(await button("Close").isVisible(), false);
  await ask();
  await whole();
  await shot("phone");
  const tooWide = await page.evaluate(() =>
    [document.documentElement, document.querySelector(".messages")].map((each) => each.scrollWidth - each.clientWidth),
  );
  assert.deepEqual(tooWide, [0, 0], "nothing is cut off at the side");
  await button("Conversations").click();
  await button(question).waitFor();
  await page.waitForTimeout(250);
  await shot("phone-conversations");
  await page.keyboard.press("Escape");
  await button(question).waitFor({ state: "hidden" });
});

test("what a model writes cannot run, nor call elsewhere", async () => {
  await open();
  await ask();
  await whole();
  const hostile = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>
![pixel](https://tracker.example/p.png) [link](javascript:document.title='run') [fine](https://example.com)`;
  await page.waitForTimeout(600); // until the conversation is kept
  await page.goto(`${double.url}/favicon.svg`); // away from the page, which would keep its own state over ours
  await page.evaluate((content) => {
    const kept = JSON.parse(localStorage.getItem("llm-stack.conversations"));
    kept[0].messages[1].content = content;
    localStorage.setItem("llm-stack.conversations", JSON.stringify(kept));
  }, hostile);
  const elsewhere = [];
  page.on("request", (request) => request.url().startsWith(double.url) || elsewhere.push(request.url()));
  await page.goto(double.url);
  await button(question).click();
  await answer().getByText("fine").waitFor();
  assert.equal(await page.title(), "Chat");
  assert.equal(await answer().locator("img, script").count(), 0);
  assert.equal(await answer().locator('a[href^="javascript"]').count(), 0);
  assert.deepEqual(elsewhere, []);
});
