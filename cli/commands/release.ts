import type { Command } from 'commander';
import { addArtist } from '../../store/artists.js';
import { addRelease, linkContent, listReleases } from '../../store/releases.js';
import { dayArgument } from '../arguments.js';
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
}

function asFields(release: Awaited<ReturnType<typeof addRelease>>): Record<string, unknown> & {
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
