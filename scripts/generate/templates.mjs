// <name>.hbs -> <name>.hbs.generated.js

/** Precompiles every Handlebars template: strict, and escaping only `*.html.hbs`. */
export async function generateTemplates(workspace) {
  const paths = workspace.sources(/\.hbs$/);
  if (paths.length === 0) return;
  const { default: Handlebars } = await import('handlebars');
  for (const path of paths) {
    await workspace.attempt(path, async () => {
      const template = Handlebars.precompile(await workspace.read(path), {
        strict: true,
        noEscape: !path.endsWith('.html.hbs'),
      });
      await workspace.emit({ name: path, from: path, code: printModule(template), types });
    });
  }
}

function printModule(template) {
  return `import Handlebars from 'handlebars/runtime.js';

const template = Handlebars.template(${template});

export function render(context, options) {
  return template(context, options);
}
`;
}

const types = `export interface RenderOptions {
  readonly helpers?: Readonly<Record<string, (...values: never[]) => unknown>>;
  /** The \`render\` functions of other templates. */
  readonly partials?: Readonly<Record<string, typeof render>>;
}

/** The template's text for a context; a name that the context lacks is an error. */
export function render(context: unknown, options?: RenderOptions): string;
`;
