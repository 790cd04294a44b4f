/** Writes sql/schema.sql anew from the migrations. */
import { writeFile } from 'node:fs/promises';
import { renderSchemaFile } from '../store/schema-file.js';

await writeFile(new URL('../sql/schema.sql', import.meta.url), await renderSchemaFile());
