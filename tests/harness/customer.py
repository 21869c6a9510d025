"""A customer as the shop's API meets one."""

from .shop import PASSWORD, Answer, Client, address_of

API = "/api/v1"


class Customer:
    """Keeps what a storefront in a browser keeps: the token, the cookies, and the guest's session before that."""

    def __init__(self, client: Client, name: str):
        self.client, self.name = client, name
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body=None, at: Client | None = None) -> Answer:
        """`at`: another process of the same shop."""
        answer = (at or self.client).ask(method, API + path, body=body, headers=self.headers)
        if session := answer.headers.get("x-session-id"):
            self.headers["X-Session-ID"] = session
        return answer

    def call(self, method: str, path: str, body=None):
        """What a call answers that succeeds."""
        answer = self.ask(method, path, body)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json if answer.text else None

    def log_in(self, password: str = PASSWORD) -> int:
        """As the guest that it was; returns the status."""
        guest = {name: self.headers[name] for name in ("X-Session-ID",) if name in self.headers}
        body = {"email": address_of(self.name), "password": password}
        return self._keep(self.client.post(f"{API}/user/login", body=body, headers=guest))

    def refresh(self, at: Client | None = None) -> int:
        return self._keep(self.ask("POST", "/user/refresh", at=at))

    def _keep(self, answer: Answer) -> int:
        if answer.status == 200:
            cookies = answer.cookies
            self.headers = {"Authorization": f"Bearer {answer.json['access_token']}",
                            "X-CSRF-Token": cookies["csrf_token"],
                            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        return answer.status
