// Lists on a phone: rows are cards, nothing has to be pushed aside to be read.
import { accessible, hold, run, signIn } from "./browser.mjs";

// What is wider than its own frame scrolls sideways there, though the page itself does not.
const tooWide = () => [...document.querySelectorAll("main *")]
  .filter((e) => e.scrollWidth - e.clientWidth > 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && !e.matches(".hd-tabs"))
  .map((e) => `${e.className} ${e.scrollWidth - e.clientWidth}px`);

function lists(role, paths) {
  return async (world) => {
    const page = await signIn(world, role, { width: 390 }), faults = [];
    for (const path of paths) {
      await page.goto(path, { waitUntil: "load" });
      if (!(await page.locator("main tbody tr").count())) faults.push(`${path} shows nothing`);
      faults.push(...(await page.evaluate(tooWide)).map((wide) => `${path}: ${wide}`), ...(await accessible(page)));
    }
    faults.push(...page.faults);
    await page.context().close();
    hold(!faults.length, faults.join("\n  "));
  };
}

await run("phone", { "after the delivery": lists("service", ["/returns", "/cases", "/follow-ups"]) });
