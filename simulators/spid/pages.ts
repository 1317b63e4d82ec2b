import { simulatedPeople } from '#simulators/identity/people.ts'
import { escaped } from './answers.ts'
import { CASES, type Case } from './cases.ts'
import type { Request } from './requests.ts'

/** One self-contained style sheet, served as a file because the pages allow no inline style. */
export const styleSheet = `
:root { color-scheme: light; font: 1rem/1.5 system-ui, sans-serif; color: #17324d; background: #f5f6f7 }
body { margin: 0 }
.banner { background: #a66300; color: #fff; padding: .5rem 1rem; text-align: center; font-weight: 600 }
main { max-width: 52rem; margin: 0 auto; padding: 1rem }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)) }
button, select { font: inherit; width: 100%; min-height: 3rem; padding: .5rem 1rem; text-align: start; color: inherit;
  background: #fff; border: 2px solid #5c6f82; border-radius: .25rem }
:focus-visible { outline: 3px solid #0066cc; outline-offset: 2px }
label { display: block; font-weight: 600; margin-bottom: .25rem }
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

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escaped(value)}">`

const caseButton = ({ number, title }: Case): string =>
  `<li><button name="caso" value="${number}">${number} · ${escaped(title)}</button></li>`

/** Who signs in, and how the provider answers: a button for every case. Works without JavaScript. */
export const choicePage = ({ id, level, relayState }: Request): string =>
  frame(
    'Gestore SPID di prova',
    `<form method="post" action="/risposta">
${hidden('richiesta', id)}${hidden('livello', String(level))}${hidden('stato', relayState)}
<p>Il servizio chiede il livello ${level}.</p>
<p><label for="persona">Chi sta entrando?</label><select id="persona" name="persona">${simulatedPeople.map(({ key, givenName, familyName }) => `<option value="${key}">${escaped(givenName)} ${escaped(familyName)}</option>`).join('')}</select></p>
<h2 id="casi">Che cosa risponde il gestore?</h2>
<ul aria-labelledby="casi">
${CASES.map(caseButton).join('\n')}
</ul>
</form>`,
  )

/** The answer on its way back, sent by a button: a tester sees what leaves. */
export const answerPage = (action: string, answer: string, relayState: string): string =>
  frame(
    'Torna al servizio',
    `<form method="post" action="${escaped(action)}">
${hidden('SAMLResponse', answer)}${hidden('RelayState', relayState)}
<button autofocus>Torna al servizio</button>
</form>`,
  )

/** A request that a provider would not take. */
export const refusedPage = (wrong: readonly string[]): string =>
  frame(
    'Richiesta non valida',
    `<p>La richiesta del servizio non è secondo le regole:</p><ul>${wrong.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`,
  )
