import type { Command } from 'commander';
import { addArtist } from '../../store/artists.js';
import { addRelease, linkContent, listReleases, showRelease, type Release } from '../../store/releases.js';
import { removeRelease, type RemovedRelease } from '../../store/remove-release.js';
import { dayArgument, wholeNumberArgument } from '../arguments.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { asFields as withSnakeCase, fieldLines } from '../fields.js';
import { table } from '../output.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

interface AddOptions {
  artist: string;
  format?: string;
  releasedOn?: string;
  language?: string;
  tag?: string[];
  content?: string[];
  draft?: boolean;
  dryRun?: boolean;
}

export function addReleaseCommands(program: Command): void {
  const release = program.command('release').description('what the team releases');
  release
    .command('list')
    .description('releases in order of id')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        const releases = await listReleases(await session.pool());
        session.output.data(releases.map(asFields), () =>
          table(
            ['id', 'title', 'state', 'format', 'released'],
            releases.map(({ id, title, state, format, releasedOn }) => [
              id,
              title,
              state,
              format,
              releasedOn,
            ]),
          ),
        );
      }),
    );
  release
    .command('add <title>')
    .description('tell of a release; approved unless it is a draft')
    .requiredOption('--artist <name>', 'its artist, added when new')
    .option('--format <format>', 'such as music_video')
    .option('--released-on <day>', 'ISO day', dayArgument)
    .option('--language <code>', 'such as en')
    .option('--tag <tag...>', 'tags')
    .option('--content <key...>', 'contents that are its presence on a platform, such as youtube:dQw4w9WgXcQ')
    .option('--draft', 'not approved yet')
    .option('--dry-run', 'check and change nothing')
    .action((title: string, options: AddOptions, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const added = await inRehearsableTransaction(await session.pool(), rehearse, async (client) => {
          const artist = await addArtist(client, options.artist);
          const { id, ...release } = await addRelease(client, {
            artistId: artist.id,
            title,
            state: options.draft === true ? 'draft' : 'approved',
            format: options.format ?? null,
            releasedOn: options.releasedOn ?? null,
            language: options.language ?? null,
            tags: options.tag ?? null,
          });
          for (const key of options.content ?? []) await linkContent(client, key, id);
          return { id, ...release };
        });
        const told = asFields(added);
        session.output.data(rehearse ? { ...told, id: null } : told, () =>
          rehearse ? `Would add “${title}”.` : `Release ${told.id}, “${title}”, is ${told.state}.`,
        );
      }),
    );
  addShowCommand(release);
  addDeleteCommand(release);
}

const idArgument = wholeNumberArgument(1, 2_147_483_647);

function addShowCommand(release: Command): void {
  release
    .command('show')
    .argument('<id>', 'a release’s number', idArgument)
    .description('a release with its contents')
    .action((id: number, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const { contents, ...shown } = await showRelease(await session.pool(), id);
        const fields = asFields(shown);
        session.output.data({ ...fields, contents: contents.map(withSnakeCase) }, () =>
          [
            fieldLines(fields),
            '',
            contents.length === 0
              ? 'No content is linked; see “tidemark content list --unlinked”.'
              : table(
                  ['content', 'platform', 'title', 'published', 'first on its platform'],
                  contents.map(({ contentKey, platform, title, publishedAt, isPrimary }) => [
                    ...[contentKey, platform, title, publishedAt?.toISOString().slice(0, 10)],
                    isPrimary ? 'yes' : 'no',
                  ]),
                ),
          ].join('\n'),
        );
      }),
    );
}

function addDeleteCommand(release: Command): void {
  release
    .command('delete')
    .argument('<id>', 'a release’s number', idArgument)
    .description('withdraw a release; delete it where nothing hangs on it')
    .option('--yes', 'delete without being asked')
    .option('--dry-run', 'say what would be, change nothing')
    .action((id: number, options: { yes?: boolean; dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const removed = await inRehearsableTransaction(await session.pool(), rehearse, async (db) => {
          const outcome = await removeRelease(db, id);
          if (outcome.outcome === 'deleted' && !rehearse && options.yes !== true)
            throw new CommandError(
              `Nothing hangs on “${outcome.release.title}”, so it would be gone.`,
              exitCodes.usage,
              'Add --yes, or --dry-run.',
            );
          return outcome;
        });
        const { outcome, hanging } = removed;
        session.output.data(
          { id, outcome, hanging, changed: !rehearse && outcome !== 'withdrawn_before' },
          () => removalText(removed, rehearse),
        );
      }),
    );
}

function removalText({ release, outcome, hanging }: RemovedRelease, rehearse: boolean): string {
  const title = `“${release.title}”`;
  const rows = Object.entries(hanging).map(([what, count]) => `${String(count)} ${what}`);
  const because = `, since ${rows.join(', ')} hang on it`;
  if (outcome === 'withdrawn_before') return `${title} was withdrawn already${because}.`;
  if (outcome === 'deleted') return `${title} ${rehearse ? 'would be' : 'is'} deleted: nothing hangs on it.`;
  return `${title} ${rehearse ? 'would be' : 'is'} withdrawn and not deleted${because}.`;
}

function asFields(release: Release): Record<string, unknown> & {
  id: number;
  state: string;
} {
  const { id, artistId, title, state, format, releasedOn, language, tags, attributes } = release;
  return {
    id,
    artist_id: artistId,
    title,
    state,
    format,
    released_on: releasedOn,
    language,
    tags,
    attributes,
  };
}
