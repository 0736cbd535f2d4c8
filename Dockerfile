# The image for production: server, worker and migrations. PostgreSQL and Valkey run elsewhere (compose.yaml),
# and the sandbox needs a checkout.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /srv/ayumi
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml LICENSE ./
COPY bot ./bot
COPY liff ./liff
COPY admin_commands ./admin_commands
COPY jobs ./jobs
COPY storage ./storage
RUN python -m compileall -q . \
    && useradd --system --home-dir /srv/ayumi --shell /usr/sbin/nologin ayumi \
    && install -d -o ayumi -g ayumi /srv/ayumi/.ayumi /srv/ayumi/media

USER ayumi
ENV HOST=0.0.0.0 PORT=8000 MEDIA_DIR=/srv/ayumi/media
EXPOSE 8000
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
