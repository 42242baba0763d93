// UBL documents against the published schemas, where those are at hand.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

// "" when the document keeps its schema, else what is wrong with it.
export function faults(world, xml, kind) {
  const schema = `../shared/data/ubl/xsd21/maindoc/UBL-${kind}-2.1.xsd`;
  if (!existsSync(schema)) { world.skip("no UBL schemas: whether documents are valid"); return ""; }
  const done = spawnSync("xmllint", ["--noout", "--nonet", "--schema", schema, "-"], { input: xml, encoding: "utf8" });
  return done.status === 0 ? "" : done.stderr || String(done.error);
}
