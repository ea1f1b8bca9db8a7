// Keeps one comment of a kind on a pull request of GitHub: that of its author which begins with the marker of the text, its
// first line, is edited, or one is made.
// Where there is no pull request, or the token may not write (a fork's never may), the text goes to the step's summary.
//
//   node github-comment.mjs <body.md>
//
// GITHUB_TOKEN       a token with pull-requests: write
// COMMENT            "false" leaves the comment out: the text goes to the summary
// UPDATE_ONLY        "true" edits the comment, but makes none
// COMMENT_AUTHOR     whose comment it is; that of another who writes the marker is left alone (default: github-actions[bot])
// All else (GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH, GITHUB_STEP_SUMMARY) is as the runner sets it.

import { appendFileSync, readFileSync, statSync } from 'node:fs';

/** As GitHub has them: characters of a comment, bytes of a step's summary, comments of a page. */
const most = { comment: 65_536, summary: 1024 * 1024, page: 100 };

const { env } = process;
const body = readFileSync(process.argv[2] ?? '', 'utf8');
const [marker = '', kind] = /^<!-- (siemc [a-z ]+) -->/.exec(body) ?? [];
if (kind === undefined) fail("The text doesn't begin with a marker, such as <!-- siemc diff -->.");
const repository = /^[\w.-]+\/[\w.-]+$/.exec(env.GITHUB_REPOSITORY ?? '')?.[0];
const number = pullRequest();

const reason =
  env.COMMENT === 'false'
    ? undefined
    : number === undefined || repository === undefined
      ? 'This run is of no pull request.'
      : !env.GITHUB_TOKEN
        ? 'There is no token to comment with.'
        : body.length > most.comment
          ? 'The text is longer than a comment may be.'
          : await comment();
if (env.COMMENT === 'false') summarize();
else if (reason !== undefined) {
  console.log(`::notice title=${kind}::${reason} What the change does stands in the summary.`);
  summarize();
}

/** Edits or makes the comment; gives the reason where that isn't allowed. */
async function comment() {
  const path = `/repos/${repository}/issues/${number}/comments`;
  const author = env.COMMENT_AUTHOR || 'github-actions[bot]';
  for (let page = 1; ; page += 1) {
    const comments = await call('GET', `${path}?per_page=${most.page}&page=${page}`);
    if (!Array.isArray(comments)) return comments.reason;
    const own = comments.find(
      (one) => one.user?.login === author && one.body?.startsWith(marker) === true,
    );
    if (own !== undefined) {
      if (own.body === body) return undefined;
      const edited = await call('PATCH', `/repos/${repository}/issues/comments/${own.id}`, {
        body,
      });
      return edited.reason;
    }
    if (comments.length < most.page) break;
  }
  if (env.UPDATE_ONLY === 'true') return undefined;
  return (await call('POST', path, { body })).reason;
}

/** What GitHub answers, or why it refuses; whatever else goes wrong ends the step. */
async function call(method, path, content) {
  const response = await fetch(`${env.GITHUB_API_URL || 'https://api.github.com'}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${env.GITHUB_TOKEN}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'siemc',
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: content === undefined ? undefined : JSON.stringify(content),
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  }).catch((error) => fail(`GitHub can't be reached: ${error.cause?.message ?? error.message}.`));
  if (response.ok) return response.json();
  if (response.status === 403 || response.status === 404)
    return { reason: `The token may not comment (${response.status}), as that of a fork.` };
  return fail(`GitHub answered ${response.status} to ${method} of a comment.`);
}

function pullRequest() {
  if (!env.GITHUB_EVENT_PATH) return undefined;
  const given = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).pull_request?.number;
  return Number.isSafeInteger(given) ? given : undefined;
}

/** GitHub leaves out a summary that is too long, and that of the commands before it with it. */
function summarize() {
  const place = env.GITHUB_STEP_SUMMARY;
  if (!place) return;
  const present = statSync(place, { throwIfNoEntry: false })?.size ?? 0;
  if (present + Buffer.byteLength(body) < most.summary) appendFileSync(place, `${body}\n`);
  else console.log('::notice title=siemc diff::The text is longer than a summary may be.');
}

function fail(message) {
  const data = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  console.log(`::error title=siemc diff::${data}`);
  process.exit(1);
}
