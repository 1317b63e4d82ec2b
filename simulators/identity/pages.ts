import type { SignInMethod } from '#lib/identity/claims.ts'
import { failures, variants } from './outcomes.ts'
import { type SimulatedPerson, simulatedPeople } from './people.ts'

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

const METHOD_NAMES: Readonly<Record<SignInMethod, string>> = { spid: 'SPID', cie: 'CIE' }

/** One self-contained style sheet, served as a file because the pages allow no inline style. */
export const styleSheet = `
:root { color-scheme: light; font: 1rem/1.5 system-ui, sans-serif; color: #17324d; background: #f5f6f7 }
body { margin: 0 }
.banner { background: #a66300; color: #fff; padding: .5rem 1rem; text-align: center; font-weight: 600 }
main { max-width: 44rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; line-height: 1.2 }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
button { font: inherit; width: 100%; min-height: 3rem; padding: .5rem 1rem; text-align: start; color: inherit;
  background: #fff; border: 2px solid #5c6f82; border-radius: .25rem; cursor: pointer }
button:hover { border-color: #0066cc; background: #e6f0fa }
button strong { display: block }
:focus-visible { outline: 3px solid #0066cc; outline-offset: 2px }
a { color: #0059b3 }
summary { cursor: pointer; min-height: 2.75rem; display: flex; align-items: center; font-weight: 600; color: #0059b3 }
summary::before { content: '+'; width: 1.5rem }
details[open] summary::before { content: '–' }
.grid { grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)) }
label { display: block; font-weight: 600; margin-bottom: .25rem }
select { font: inherit; width: 100%; min-height: 3rem; padding: 0 .5rem; background: #fff; border: 2px solid #5c6f82; border-radius: .25rem }
`

const frame = (title: string, body: string): string => `<!doctype html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)} – simulazione</title>
<link rel="stylesheet" href="/stile.css">
</head>
<body>
<div class="banner" role="note">Ambiente di prova · SIMULAZIONE: nessuna persona qui esiste davvero</div>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`

const personButton = (person: SimulatedPerson): string =>
  `<li><button name="persona" value="${person.key}"><strong>${escaped(person.givenName)} ${escaped(person.familyName)}</strong>${escaped(person.who)}</button></li>`

const option = (person: SimulatedPerson): string =>
  `<option value="${person.key}">${escaped(person.givenName)} ${escaped(person.familyName)}</option>`

const outcomeButtons = (outcomes: Readonly<Record<string, { label: string }>>): string =>
  Object.entries(outcomes)
    .map(([key, { label }]) => `<li><button name="esito" value="${key}">${escaped(label)}</button></li>`)
    .join('\n')

/** The page where the tester says who is signing in and how it ends. Works without JavaScript. */
export function peoplePage(uid: string, method: SignInMethod): string {
  const name = METHOD_NAMES[method]
  const other: SignInMethod = method === 'spid' ? 'cie' : 'spid'
  const action = `/accesso/${encodeURIComponent(uid)}`
  const hidden = `<input type="hidden" name="metodo" value="${method}">`
  return frame(
    `Entra con ${name}`,
    `<p>Refettorio chiede nome, cognome, data di nascita e codice fiscale, con livello di sicurezza 2.
Scegliendo una persona acconsenti a inviarli.
<a href="${action}?metodo=${other}">Usa ${METHOD_NAMES[other]}</a></p>
<h2 id="persone">Chi sta entrando?</h2>
<form method="post" action="${action}">${hidden}
<ul aria-labelledby="persone">
${simulatedPeople.map(personButton).join('\n')}
</ul>
</form>
<details>
<summary>Prova un esito diverso</summary>
<form method="post" action="${action}">${hidden}
<h2 id="errori">Accessi che non riescono</h2>
<ul class="grid" aria-labelledby="errori">
${outcomeButtons(failures)}
</ul>
<h2 id="varianti">Identità particolari</h2>
<p><label for="persona">Di chi</label><select id="persona" name="persona">${simulatedPeople.map(option).join('')}</select></p>
<ul class="grid" aria-labelledby="varianti">
${outcomeButtons(variants)}
</ul>
</form>
</details>`,
  )
}

/** The page for a step of a sign-in that is over or was never started. */
export const expiredPage = (): string =>
  frame(
    'Accesso scaduto',
    '<p>Questo accesso non esiste più. Torna a Refettorio e ricomincia da «Accedi ai servizi».</p>',
  )

/** The front page, for a person who opens the simulator's address by hand. */
export const frontPage = (): string =>
  frame(
    'Simulatore di SPID e CIE',
    '<p>Qui non c’è nulla da fare: si arriva a queste pagine da Refettorio, con «Entra con SPID» o «Entra con CIE».</p>',
  )
