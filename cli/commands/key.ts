import type { Command } from 'commander';
import { createKey, roles, type Role } from '../../services/access-keys.js';
import { listApiKeys, revokeApiKey, scopes, type ApiKey, type Scope } from '../../store/api-keys.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { table } from '../output.js';
import { personAtHand } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

interface CreateOptions {
  role?: string;
  scope?: string[];
  artist?: string[];
  days?: string;
  dryRun?: boolean;
}

export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('keys of the HTTP API and the pages');
  key
    .command('create <name>')
    .description('make a key; it is shown this once')
    .option(
      '--role <role>',
      `what it may do: ${Object.keys(roles).join(', ')}; viewer unless scopes are told`,
    )
    .option('--scope <scope...>', `single scopes instead: ${scopes.join(', ')}`)
    .option('--artist <id...>', 'only what belongs to these artists')
    .option('--days <days>', 'expires after so many days')
    .option('--dry-run', 'check and change nothing')
    .action((name: string, options: CreateOptions, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const request = {
          name,
          scopes: scopesOf(options),
          artistIds: options.artist?.map((id) => wholeNumber(id, '--artist')),
          expiresAt: expiryOf(options.days, session.clock.now()),
          createdBy: personAtHand(session, undefined),
        };
        const { key: made, kept } = await inRehearsableTransaction(await session.pool(), rehearse, (client) =>
          createKey(client, request, session.clock),
        );
        const told = rehearse ? { ...asFields(kept), id: null } : { ...asFields(kept), key: made };
        session.output.data(told, () =>
          rehearse
            ? `Would make a key for “${kept.name}” with ${kept.scopes.join(', ')}.`
            : `${made}\nKey ${String(kept.id)} for “${kept.name}”: ${kept.scopes.join(', ')}. It is not shown again.`,
        );
      }),
    );
  key
    .command('list')
    .description('keys in order of id, without their secrets')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        const keys = (await listApiKeys(await session.pool())).map(asFields);
        session.output.data(keys, () =>
          table(
            ['id', 'name', 'begins', 'scopes', 'artists', 'expires', 'revoked'],
            keys.map((one) => [
              one.id,
              one.name,
              one.prefix,
              one.scopes.join(' '),
              one.artist_ids?.join(' ') ?? 'all',
              one.expires_at,
              one.revoked_at,
            ]),
          ),
        );
      }),
    );
  key
    .command('revoke <id>')
    .description('end a key and the sessions that were entered by it')
    .option('--dry-run', 'check and change nothing')
    .action((id: string, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const revoked = await inRehearsableTransaction(await session.pool(), rehearse, (client) =>
          revokeApiKey(client, wholeNumber(id, 'The id'), session.clock.now()),
        );
        session.output.data(asFields(revoked), () =>
          rehearse ? `Would revoke key ${id}.` : `Key ${id} (“${revoked.name}”) is revoked.`,
        );
      }),
    );
}

function scopesOf({ role, scope }: CreateOptions): readonly Scope[] {
  if (scope !== undefined) {
    const unknown = scope.find((one) => !scopes.some((known) => known === one));
    if (unknown !== undefined)
      throw new CommandError(
        `There is no scope “${unknown}”.`,
        exitCodes.usage,
        `Give some of ${scopes.join(', ')}.`,
      );
    return scope as Scope[];
  }
  const name = role ?? 'viewer';
  if (!Object.hasOwn(roles, name))
    throw new CommandError(
      `There is no role “${name}”.`,
      exitCodes.usage,
      `Give one of ${Object.keys(roles).join(', ')}.`,
    );
  return roles[name as Role];
}

function wholeNumber(text: string, what: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new CommandError(`${what} is a whole number, not “${text}”.`, exitCodes.usage);
  return Number(text);
}

function expiryOf(days: string | undefined, now: Date): Date | undefined {
  return days === undefined ? undefined : new Date(now.getTime() + wholeNumber(days, '--days') * 86_400_000);
}

function asFields(key: ApiKey): {
  id: number;
  name: string;
  prefix: string;
  scopes: readonly string[];
  artist_ids: number[] | null;
  expires_at: string | null;
  revoked_at: string | null;
  created_at: string;
  created_by: string | null;
} {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    artist_ids: key.artistIds,
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
    created_by: key.createdBy,
  };
}
