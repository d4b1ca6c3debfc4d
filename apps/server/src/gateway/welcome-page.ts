/** What stands at / until the web client does. */
export const welcomePage = `<!doctype html>
<html lang="ko">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>BigTech Chat</title></head>
<body>
<h1>BigTech Chat</h1>
<p>서버가 실행 중입니다. 웹 클라이언트는 준비 중입니다. / The server is running; the web client is still to come.</p>
<ul>
<li><a href="/docs">API 문서 / API documents</a></li>
<li><a href="/ready">상태 / State</a></li>
</ul>
</body>
</html>
`
