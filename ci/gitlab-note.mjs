// Keeps one note on a merge request of GitLab: the token's own that begins with the marker is edited, or one is made.
//
//   node gitlab-note.mjs <body.md>
//
// SIEMC_GITLAB_TOKEN   a project access token with the scope api, masked; without one nothing is done
// UPDATE_ONLY          "true" edits the note, but makes none
// All else (CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID) is as the runner sets it.

import { readFileSync } from 'node:fs';

const marker = '<!-- siemc diff -->';
/** As GitLab has them: characters of a note, notes of a page. */
const most = { note: 1_000_000, page: 100 };

const { env } = process;
const body = readFileSync(process.argv[2] ?? '', 'utf8');
if (!body.startsWith(marker)) fail(`The text doesn't begin with ${marker}.`);
const request = `/projects/${encodeURIComponent(env.CI_PROJECT_ID ?? '')}/merge_requests/${encodeURIComponent(env.CI_MERGE_REQUEST_IID ?? '')}`;

if (!env.CI_MERGE_REQUEST_IID) console.log('This pipeline is of no merge request: no note.');
else if (!env.SIEMC_GITLAB_TOKEN) console.log('There is no SIEMC_GITLAB_TOKEN: no note.');
else if (body.length > most.note) console.log('The text is longer than a note may be: no note.');
else await note();

async function note() {
  const { id: own } = await call('GET', '/user');
  for (let page = 1; ; page += 1) {
    const notes = await call('GET', `${request}/notes?per_page=${most.page}&page=${page}`);
    const found = notes.find(
      (one) => one.author?.id === own && one.body?.startsWith(marker) === true,
    );
    if (found !== undefined) {
      if (found.body !== body) await call('PUT', `${request}/notes/${found.id}`, { body });
      return;
    }
    if (notes.length < most.page) break;
  }
  if (env.UPDATE_ONLY !== 'true') await call('POST', `${request}/notes`, { body });
}

async function call(method, path, content) {
  const response = await fetch(`${env.CI_API_V4_URL}${path}`, {
    method,
    headers: {
      'private-token': env.SIEMC_GITLAB_TOKEN,
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: content === undefined ? undefined : JSON.stringify(content),
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  }).catch((error) => fail(`GitLab can't be reached: ${error.cause?.message ?? error.message}.`));
  if (!response.ok) fail(`GitLab answered ${response.status} to ${method} of a note.`);
  return response.json();
}

function fail(message) {
  console.error(`siemc diff: ${message}`);
  process.exit(1);
}
