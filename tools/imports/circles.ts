/**
 * Circles of a graph, found depth first (each edge is looked at once): one for every edge that leads back to where the search came
 * from. Each begins and ends with the node it leads back to.
 */
export function findCircles(edges: ReadonlyMap<string, ReadonlyMap<string, unknown>>): string[][] {
  const circles: string[][] = []
  const ended = new Set<string>()
  const path: string[] = []
  const visit = (node: string) => {
    const known = path.indexOf(node)
    if (known >= 0) circles.push([...path.slice(known), node])
    if (known >= 0 || ended.has(node)) return
    path.push(node)
    for (const next of [...(edges.get(node)?.keys() ?? [])].sort()) visit(next)
    path.pop()
    ended.add(node)
  }
  for (const start of [...edges.keys()].sort()) visit(start)
  return circles
}
