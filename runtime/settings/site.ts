/** The site and its API. */
import { choice, secret, text, truth, wholeNumber } from '../setting-kinds.js';
import { group } from './declaration.js';

const site = group('Site and API');

export const siteSettings = {
  HTTP_HOST: site(
    text('a host name or address'),
    '127.0.0.1',
    'Where the site listens; anything but loopback asks for HTTP_AUTH=keys.',
  ),
  HTTP_PORT: site(
    wholeNumber(0, 65_535),
    8_000,
    'Port of the site; `npm start` steps around one that is taken, and 0 takes any that is free.',
  ),
  HTTP_AUTH: site(
    choice('none', 'keys'),
    'none',
    'Whether keys are asked for; `none` lets whoever reaches the loopback address do everything.',
  ),
  HTTP_CORS_ORIGINS: site(
    text('addresses such as https://tools.example, set apart by commas'),
    null,
    'Sites whose pages may call the API from a browser.',
  ),
  HTTP_RATE_LIMIT_PER_MINUTE: site(
    wholeNumber(0, 1_000_000),
    3_000,
    'Requests of one address; 0 for no limit.',
  ),
  HTTP_TRUST_PROXY: site(
    truth(),
    false,
    'Whether a proxy stands in front, whose X-Forwarded headers tell the caller’s address.',
  ),
  SESSION_HOURS: site(
    wholeNumber(1, 8_760),
    12,
    'How long somebody who entered the pages by a key stays in.',
  ),
  WEBHOOK_SECRET: site(
    secret(),
    null,
    'Signs what comes to /webhook/youtube; asked for beyond loopback, and wherever it is set.',
  ),
} as const;
