# optreel in a container: docker run --rm -v "$PWD:/work" optreel render assignment
FROM debian:12-slim AS build
WORKDIR /src
COPY . .
RUN scripts/setup build \
    && cmake --preset release \
    && cmake --build --preset release --target optreel \
    && cmake --install build/release --prefix /usr/local --strip

FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libavcodec59 libavformat59 libavutil57 libswscale6 libcairo2 libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0 \
        libimagequant0 libwebp7 libwebpmux3 libx264-164 libaom3 libdeflate0 libminizip1 libsleef3 libyaml-0-2 libsqlite3-0 fonts-inter fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home optreel
COPY --from=build /usr/local /usr/local
RUN ldconfig && optreel doctor
USER optreel
WORKDIR /work
ENTRYPOINT ["optreel"]
