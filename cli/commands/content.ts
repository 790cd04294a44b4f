import { Option, type Command } from 'commander';
import {
  linkContentToRelease,
  unlinkContentFromRelease,
  type LinkedContent,
} from '../../services/link-content.js';
import { listContents } from '../../store/content-list.js';
import type { Queryable } from '../../store/queryable.js';
import { platformArgument, wholeNumberArgument } from '../arguments.js';
import { table } from '../output.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession } from '../session.js';

interface ListOptions {
  platform?: string;
  release?: number;
  unlinked?: boolean;
  linked?: boolean;
  search?: string;
  after?: number;
  limit: number;
}

const idArgument = wholeNumberArgument(1, 2_147_483_647);

export function addContentCommands(program: Command): void {
  const content = program.command('content').description('what a release is on each platform');
  content
    .command('list')
    .description('contents in order of id')
    .option('--platform <name>', 'of one platform', platformArgument)
    .option('--release <id>', 'of one release', idArgument)
    .addOption(new Option('--unlinked', 'those that wait for a release').conflicts('linked'))
    .option('--linked', 'those that have one')
    .option('--search <text>', 'in title, key or the platform’s id')
    .option('--after <id>', 'those after this one', idArgument)
    .option('-n, --limit <count>', 'how many', wholeNumberArgument(1, 1_000), 50)
    .action((options: ListOptions, self: Command) =>
      withSession(self, async (session) => {
        const { platform, release, search, after, limit } = options;
        const linked = options.unlinked === true ? false : options.linked;
        const found = await listContents(await session.pool(), {
          ...{ platform, releaseId: release, search, after, limit, linked },
        });
        session.output.data(found, () =>
          found.length === 0
            ? 'There is no such content.'
            : table(
                ['id', 'content', 'title', 'published', 'release', 'account'],
                found.map((one) => [
                  ...[one.id, one.content_id, one.title, one.published_at?.toISOString().slice(0, 10)],
                  ...[one.release_title, one.account],
                ]),
              ),
        );
      }),
    );
  content
    .command('link <content>')
    .description('make a content a release’s presence on its platform')
    .requiredOption('--release <id>', 'the release', idArgument)
    .option('--dry-run', 'say what would be, change nothing')
    .action((key: string, options: { release: number; dryRun?: boolean }, self: Command) =>
      change(self, options.dryRun === true, 'linked', (db) => linkContentToRelease(db, key, options.release)),
    );
  content
    .command('unlink <content>')
    .description('take a content from its release; it waits to be linked again')
    .option('--dry-run', 'say what would be, change nothing')
    .action((key: string, options: { dryRun?: boolean }, self: Command) =>
      change(self, options.dryRun === true, 'unlinked', (db) => unlinkContentFromRelease(db, key)),
    );
}

function change(
  self: Command,
  rehearse: boolean,
  done: 'linked' | 'unlinked',
  work: (db: Queryable) => Promise<LinkedContent>,
): Promise<void> {
  return withSession(self, async (session) => {
    const outcome = await inRehearsableTransaction(await session.pool(), rehearse, work);
    const { content, changed, warnings } = outcome;
    session.output.data({ ...outcome, [done]: changed && !rehearse }, () => {
      const told = warnings.map(({ message }) => `  ${message}`);
      if (!changed) return `${content.content_id} was ${done} already.`;
      const release = done === 'linked' ? ` to “${content.release_title ?? ''}”` : '';
      return [`${content.content_id} ${rehearse ? 'would be' : 'is'} ${done}${release}.`, ...told].join('\n');
    });
  });
}
