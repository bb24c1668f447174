// Chats with the model `demo` on a deployment that really runs, in a browser, and says how long it took.
//
//   node live.mjs http://localhost:3000 [SCREENSHOT.png]
import { launchBrowser } from "./browser.mjs";

const [url, screenshot] = process.argv.slice(2);
if (!url) {
  console.error("usage: node live.mjs URL [SCREENSHOT.png]");
  process.exit(2);
}

const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole("combobox", { name: "Model" }).selectOption("demo", { timeout: 120_000 });
  const asked = Date.now();
  await page.getByRole("textbox", { name: "Message" }).fill("Hello, are you there?");
  await page.keyboard.press("Enter");
  const answer = page.getByRole("article", { name: "Answer of demo" });
  await answer.getByText("Everything works").waitFor({ timeout: 30_000 });
  const first = Date.now();
  await page.getByRole("button", { name: "Send", exact: true }).waitFor({ timeout: 30_000 });
  if (screenshot) await page.screenshot({ path: screenshot });
  if (await page.getByRole("alert").count()) throw new Error(await page.getByRole("alert").innerText());
  console.log(`${url}: the model demo answered; first words after ${first - asked} ms, all after ${Date.now() - asked} ms`);
} finally {
  await browser.close();
}
