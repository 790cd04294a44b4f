/** Who types a command, and which artist they speak of. */
import { listArtists } from '../store/artists.js';
import type { Queryable } from '../store/queryable.js';
import { exitCodes } from './exit-codes.js';
import { CommandError } from './command-error.js';
import type { Session } from './session.js';

/** The name told, otherwise that of the shell’s user. */
export function personAtHand(session: Session, told: string | undefined): string {
  return told ?? session.environment['USER'] ?? session.environment['USERNAME'] ?? 'command line';
}

/** @throws CommandError that lists the artists where there is none of the name */
export async function artistNamed(db: Queryable, name: string): Promise<number> {
  const artists = await listArtists(db);
  const artist = artists.find((known) => known.name === name.trim());
  if (artist !== undefined) return artist.id;
  const known = artists.map((one) => `“${one.name}”`).join(', ');
  throw new CommandError(
    `There is no artist “${name}”.`,
    exitCodes.notFound,
    known === '' ? 'Add a release of theirs first.' : `Give one of ${known}.`,
  );
}
