import { Command } from 'commander';

const version = '1.0.0';

/** The program without its commands: what every one of them takes. */
export function rootCommand(): Command {
  return new Command('tidemark')
    .description('Collects what each release gained, keeps every correction, and turns it into answers.')
    .version(version)
    .option('--json', 'print data as one JSON document')
    .option('-q, --quiet', 'no progress on standard error')
    .option('--state-directory <directory>', 'where the embedded servers keep their state')
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride();
}
