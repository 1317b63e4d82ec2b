/** The part of autocannon 9 that the benchmark uses; the package has no types of its own. */
declare module 'autocannon' {
  type Request = { path?: string; method?: string; headers?: Record<string, string>; body?: string }
  type Options = {
    url: string
    connections: number
    duration: number
    requests: { setupRequest: (request: Request) => Request }[]
  }
  type Instance = {
    on(
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, time: number) => void,
    ): Instance
    on(event: 'reqError', listener: (error: Error) => void): Instance
  }
  export default function autocannon(options: Options, done: (error: Error | null) => void): Instance
}
