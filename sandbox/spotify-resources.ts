import type { SpotifyAlbum, SpotifyArtist, SpotifyTrack, World } from './world.js';

/** Objects of Spotify's Web API as JSON, for what a credential may read. */
type Json = Record<string, unknown>;

export interface SpotifyView {
  world: World;
  at: Date;
  /** Extended quota mode still sees popularity, followers, labels and markets. */
  extended: boolean;
  /** Where the Web API is mounted, as its own links name it. */
  baseUrl: string;
}

const markets = ['AT', 'BR', 'CA', 'CH', 'DE', 'ES', 'FR', 'GB', 'IE', 'NL', 'PT', 'SE', 'US'];

function common(view: SpotifyView, type: 'artist' | 'album' | 'track', id: string): Json {
  return {
    external_urls: { spotify: `https://open.spotify.com/${type}/${id}` },
    href: `${view.baseUrl}/${type}s/${id}`,
    id,
    type,
    uri: `spotify:${type}:${id}`,
  };
}

function images(url: string | null): Json[] {
  return url === null ? [] : [{ url, height: 640, width: 640 }];
}

function simplifiedArtists(view: SpotifyView, ids: readonly string[]): Json[] {
  return ids
    .map((id) => view.world.spotify.artist(id))
    .filter((artist) => artist !== null)
    .map((artist) => ({ ...common(view, 'artist', artist.id), name: artist.name }));
}

/** Popularity, for a credential that may see it; a world without the figure leaves it out. */
function popularity(view: SpotifyView, kind: 'artist' | 'album' | 'track', id: string): Json {
  const value = view.extended ? view.world.spotify.popularity(kind, id, view.at) : null;
  return value === null ? {} : { popularity: value };
}

export function artistObject(view: SpotifyView, artist: SpotifyArtist): Json {
  const followers = view.extended ? view.world.spotify.artistFollowers(artist.id, view.at) : null;
  return {
    ...common(view, 'artist', artist.id),
    ...(followers === null ? {} : { followers: { href: null, total: followers } }),
    genres: artist.genres,
    images: images(artist.imageUrl),
    name: artist.name,
    ...popularity(view, 'artist', artist.id),
  };
}

function simplifiedAlbum(view: SpotifyView, album: SpotifyAlbum): Json {
  return {
    ...common(view, 'album', album.id),
    album_type: album.type,
    artists: simplifiedArtists(view, album.artistIds),
    ...(view.extended ? { available_markets: markets } : {}),
    images: images(album.imageUrl),
    name: album.name,
    release_date: album.releasedOn,
    release_date_precision: 'day',
    total_tracks: album.trackIds.length,
  };
}

/** An album of an artist's discography, which also says how the artist takes part in it. */
export function discographyAlbum(view: SpotifyView, album: SpotifyAlbum): Json {
  return { ...simplifiedAlbum(view, album), album_group: album.type };
}

export function albumObject(view: SpotifyView, album: SpotifyAlbum): Json {
  return {
    ...simplifiedAlbum(view, album),
    copyrights: album.label === null ? [] : [{ text: album.label, type: 'P' }],
    external_ids: album.upc === null ? {} : { upc: album.upc },
    genres: [],
    ...(view.extended && album.label !== null ? { label: album.label } : {}),
    ...popularity(view, 'album', album.id),
    tracks: page(view, `/albums/${album.id}/tracks`, albumTracks(view, album), 0, 50),
  };
}

export function albumTracks(view: SpotifyView, album: SpotifyAlbum): Json[] {
  return album.trackIds
    .map((id) => view.world.spotify.track(id, view.at))
    .filter((track) => track !== null)
    .map((track) => simplifiedTrack(view, track));
}

function simplifiedTrack(view: SpotifyView, track: SpotifyTrack): Json {
  return {
    ...common(view, 'track', track.id),
    artists: simplifiedArtists(view, track.artistIds),
    ...(view.extended ? { available_markets: markets } : {}),
    disc_number: 1,
    // Spotify's own answer for a length that it does not know.
    duration_ms: track.durationMs ?? 0,
    explicit: track.explicit,
    is_local: false,
    name: track.name,
    preview_url: null,
    track_number: track.trackNumber,
  };
}

export function trackObject(view: SpotifyView, track: SpotifyTrack): Json {
  const album = track.albumId === null ? null : view.world.spotify.album(track.albumId, view.at);
  return {
    ...simplifiedTrack(view, track),
    ...(album === null ? {} : { album: simplifiedAlbum(view, album) }),
    external_ids: track.isrc === null ? {} : { isrc: track.isrc },
    ...popularity(view, 'track', track.id),
  };
}

/** A page of a list; `path` is below the API's base and may hold a query. */
export function page(
  view: SpotifyView,
  path: string,
  items: readonly Json[],
  offset: number,
  limit: number,
): Json {
  const link = (start: number): string =>
    `${view.baseUrl}${path}${path.includes('?') ? '&' : '?'}offset=${start}&limit=${limit}`;
  return {
    href: link(offset),
    items: items.slice(offset, offset + limit),
    limit,
    next: offset + limit < items.length ? link(offset + limit) : null,
    offset,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    total: items.length,
  };
}
