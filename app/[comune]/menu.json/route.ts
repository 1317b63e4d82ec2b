import { askedData, OPEN } from '#app/[comune]/_menu/open-data.ts'
import { menuData } from '#lib/menus/open-data.ts'
import { overPublicBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

type Context = { params: Promise<{ comune: string }> }

/** The menus as open data: `allergeni` null means that they are not declared yet. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const refusal = overPublicBudget(request, await readWords())
  if (refusal) return refusal
  const asked = await askedData(request, (await params).comune)
  if (!asked) return Response.json({ errore: 'non trovato' }, { status: 404 })
  const { municipality, book } = asked
  return Response.json(
    {
      municipalitySlug: municipality.name,
      gestore: municipality.operator.name,
      licenza: 'https://creativecommons.org/licenses/by/4.0/deed.it',
      aggiornato_al: book.updatedAt?.toISOString() ?? null,
      giorni: menuData(book, asked, book.diets),
    },
    { headers: OPEN },
  )
}
