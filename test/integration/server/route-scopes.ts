/**
 * What every route asks of whoever calls it: the line of a new route belongs here, and without it the test fails. The
 * library's own files under /docs and the site's under /assets are public.
 */
import type { RouteScope } from '../../../server/access/principal.js';

export const routeScopes: Readonly<Record<string, RouteScope>> = {
  'GET /livez': 'public',
  'GET /analytics/health': 'public',
  'GET /analytics/system/status': 'read',
  'POST /analytics/engagement/track': 'write',
  'POST /analytics/engagement/batch-track': 'write',
  'POST /analytics/content/analyze': 'read',
  'POST /analytics/content/compare': 'read',
  'POST /analytics/platform/insights': 'read',
  'POST /analytics/optimization/recommendations': 'read',
  'GET /analytics/dashboard/overview': 'read',
  'GET /analytics/dashboard/trending': 'read',
  'GET /analytics/realtime/metrics/:id': 'read',
  'GET /analytics/realtime/platform-metrics/:platform': 'read',
  'DELETE /analytics/admin/cleanup': 'admin',
  'POST /analytics/admin/recalculate': 'admin',
  'POST /webhook/youtube': 'public',

  'GET /favicon.ico': 'public',
  'GET /theme': 'public',
  'GET /login': 'public',
  'POST /login': 'public',
  'POST /logout': 'public',
  'GET /': 'read',
  'GET /stock-sources': 'read',
  'GET /stock-sources/:name': 'read',
  'GET /insights': 'read',
  'GET /insights/:id': 'read',
  'POST /insights/:id/accept': 'write',
  'POST /insights/:id/dismiss': 'write',
  'POST /insights/:id/snooze': 'write',
  'GET /releases': 'read',
  'GET /trending': 'read',
  'GET /releases/:id': 'read',
  'GET /releases/:id/download.:format': 'read',
  'POST /releases/:id/annotations': 'write',
  'POST /annotations/:id/remove': 'write',
};
