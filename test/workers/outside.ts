/**
 * Everything that the Worker of the tests can reach: a host that keeps what is posted to it and shows it at `/received`. It runs in
 * Node, outside the Worker, so what it shows went through the Worker's own `fetch`.
 */
export function openOutside() {
  const received: { url: string; headers: Record<string, string>; body: string }[] = []
  return async (request: {
    readonly method: string
    readonly url: string
    readonly headers: Iterable<[string, string]>
    text(): Promise<string>
  }): Promise<Response> => {
    if (request.method === 'GET') return Response.json(received)
    const { url } = request
    received.push({ url, headers: Object.fromEntries(request.headers), body: await request.text() })
    return new Response(null, { status: 204 })
  }
}
