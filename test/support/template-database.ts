/** Migrated once a test run; every test's database is a clone of it. */
export const templateDatabase = 'tidemark_template';
