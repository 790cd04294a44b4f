/** Words that the generated catalogue is made of. */

/** One a release; lengths vary widely on purpose. */
export const titles: readonly string[] = [
  'Ebb',
  'Saltlight',
  'Paper Harbours',
  'The Long Way Round the Bay',
  'Undertow',
  'Glass Weather',
  'Every Window Facing West',
  'Low Water',
  'Kittiwake',
  'Letters from the Breakwater',
  'Slow Ferry Home',
  'Marram',
  'What the Lighthouse Keeper Said to the Fog',
  'Cinnabar',
  'Northbound, Late, and Almost Empty',
  'Shingle',
  'Half a Mile of Silver',
  'Neap',
  'Postcards We Never Meant to Send',
  'Driftwood Choir',
  'Signal and Swell',
  'Gull Season',
  'A Room Above the Fish Market',
  'Sandbar Waltz',
];

export const tagWords: readonly string[] = [
  'indie pop',
  'dream pop',
  'new music',
  'official video',
  'sea songs',
  'synth',
  'acoustic',
  'harbour sessions',
  'aurel vance',
  'night drive',
  'ambient',
  'lyrics',
  'coastal',
  'bedroom pop',
  'slow songs',
  'live strings',
];

/** Descriptions are built from these and cut to their planned length. */
export const sentences: readonly string[] = [
  'Written on the last ferry of the evening and recorded in two takes.',
  'Strings by the harbour quartet, drums played with brushes.',
  'Filmed over one weekend with borrowed cameras and good weather.',
  'Thank you to everyone who sang along before there was a chorus.',
  'The footage of the coast comes from the archives named below.',
  'Mixed in a room that used to be a net loft.',
  'Follow the channel for the story behind each song.',
  'Lyrics and chords are on the website, free to use.',
  'The cover was cut from paper and photographed on a window.',
  'If you listen closely, there is a kettle in the second verse.',
];
