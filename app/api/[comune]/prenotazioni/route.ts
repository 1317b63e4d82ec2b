import { answerMeals, type MealsRequest } from '#lib/meals/meal-change.http.ts'

/** The meals' door for requests that the web server did not answer itself (scripts/lib/answer-before-next.ts): the answers are the same. */
type Context = { params: Promise<{ comune: string }> }

const ask =
  (method: MealsRequest['method']) =>
  async (request: Request, { params }: Context): Promise<Response> => {
    const { status, headers, body } = await answerMeals({
      method,
      municipalitySlug: (await params).comune,
      query: new URL(request.url).searchParams,
      headers: request.headers,
      body: async (most) => {
        if (Number(request.headers.get('content-length') ?? 0) > most) return null
        const text = await request.text()
        return Buffer.byteLength(text) > most ? null : text
      },
    })
    return new Response(body || null, { status, headers: { ...headers } })
  }

export const GET = ask('GET')
export const POST = ask('POST')
