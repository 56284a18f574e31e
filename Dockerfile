# One image for every process of Linkwright; the command says which: web, work, migrate, serve.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/linkwright
ENV PATH=/opt/linkwright/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/build.lock requirements/runtime.lock requirements/
RUN pip install --require-hashes -r requirements/build.lock \
 && pip install --require-hashes -r requirements/runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY workers workers
RUN pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 linkwright \
 && useradd --uid 10001 --gid linkwright --home-dir /data --shell /usr/sbin/nologin linkwright \
 && install -d -o linkwright -g linkwright /data
COPY --from=build /opt/linkwright /opt/linkwright
ENV PATH=/opt/linkwright/bin:$PATH PYTHONUNBUFFERED=1 LINKWRIGHT_HOME=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["linkwright"]
CMD ["serve", "--host", "0.0.0.0"]
