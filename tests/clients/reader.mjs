// A reader of the published file, run by Node: `reader.mjs WHAT FILE …`, as reader.py is by Python.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { DuckDBInstance, version } from "@duckdb/node-api";

const [what, file, ...rest] = process.argv.slice(2);
const say = (found) => process.stdout.write(JSON.stringify(found) + "\n");
const text = (value) => (value === null ? null : value.toString());

async function opened() {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY", threads: "1" });
  return { instance, connection: await instance.connect() };
}

function closed({ instance, connection }) {
  connection.closeSync();
  instance.closeSync();
}

async function rows(connection, statement) {
  const reader = await connection.runAndReadAll(statement);
  return reader.getRows().map((row) => row.map(text));
}

const asked = () => JSON.parse(readFileSync(rest[0], "utf8"));

async function state(connection, statements) {
  const found = [];
  for (const each of statements) {
    const [row] = await rows(connection, each);
    found.push(row.map((value) => value ?? "None"));
  }
  return found;
}

say({ version: version() });
if (what === "answers") {
  const warehouse = await opened();
  for (const each of asked()) say(await rows(warehouse.connection, each));
  closed(warehouse);
} else {
  // Again and again until the file `stop` is there: with the file kept open, or opened each time.
  const statements = asked();
  const kept = what === "holding" ? await opened() : null;
  while (!existsSync(rest[1])) {
    const warehouse = kept ?? (await opened());
    say({ state: await state(warehouse.connection, statements) });
    if (!kept) closed(warehouse);
    await pause(200);
  }
  if (kept) closed(kept);
}
