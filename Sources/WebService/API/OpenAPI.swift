/// What the API understands and answers, for programs and for people.
enum OpenAPI {
    static let article = """
        # The API

        `POST /api/v1/check` runs a check and answers with the report:

            curl -H 'Content-Type: application/json' \\
              -d '{"ip": "192.0.2.25", "helo": "mail.example.org"}' \\
              https://THIS-HOST/api/v1/check

        With `"keep": true` the report is kept: Location says where, and Heloscope-Owner-Token is
        what deletes it.

        - `POST /api/v1/pool` judges all hosts of a pool: `{"helo": "out.example.net"}` or
          `{"hosts": [{"ip": "192.0.2.1"}]}`. It counts as ten checks.
        - `GET /api/v1/reports/ID` gives a kept report; `DELETE`, with the field
          Heloscope-Owner-Token, deletes it.
        - `GET /api/v1/receivers` gives the catalogue of receivers and their rules.
        - `GET /api/openapi.json` describes all of it (OpenAPI 3.1).

        Errors are application/problem+json. 429 and 503 say in Retry-After when to try again.

        """

    static let document = """
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Heloscope",
            "version": "1",
            "description": "See your mail server the way the receiving server sees it.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
          },
          "servers": [{"url": "/"}],
          "paths": {
            "/api/v1/check": {
              "post": {
                "operationId": "check",
                "summary": "Check an address and a HELO name",
                "requestBody": {
                  "required": true,
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CheckRequest"}}}
                },
                "responses": {
                  "200": {
                    "description": "The report",
                    "headers": {
                      "Location": {"description": "Where the report is kept, if it is", "schema": {"type": "string"}},
                      "Heloscope-Owner-Token": {"description": "Deletes the report, if it is kept", "schema": {"type": "string"}}
                    },
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
                  },
                  "400": {"$ref": "#/components/responses/Problem"},
                  "403": {"$ref": "#/components/responses/Problem"},
                  "405": {"$ref": "#/components/responses/NotAllowed"},
                  "413": {"$ref": "#/components/responses/Problem"},
                  "415": {"$ref": "#/components/responses/Problem"},
                  "421": {"$ref": "#/components/responses/Problem"},
                  "422": {"$ref": "#/components/responses/Problem"},
                  "429": {"$ref": "#/components/responses/Later"},
                  "500": {"$ref": "#/components/responses/Problem"},
                  "503": {"$ref": "#/components/responses/Later"}
                }
              }
            },
            "/api/v1/pool": {
              "post": {
                "operationId": "pool",
                "summary": "Check all hosts of a pool",
                "requestBody": {
                  "required": true,
                  "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PoolRequest"}}}
                },
                "responses": {
                  "200": {
                    "description": "The pool's report",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pool"}}}
                  },
                  "400": {"$ref": "#/components/responses/Problem"},
                  "403": {"$ref": "#/components/responses/Problem"},
                  "405": {"$ref": "#/components/responses/NotAllowed"},
                  "413": {"$ref": "#/components/responses/Problem"},
                  "415": {"$ref": "#/components/responses/Problem"},
                  "421": {"$ref": "#/components/responses/Problem"},
                  "422": {"$ref": "#/components/responses/Problem"},
                  "429": {"$ref": "#/components/responses/Later"},
                  "500": {"$ref": "#/components/responses/Problem"},
                  "503": {"$ref": "#/components/responses/Later"}
                }
              }
            },
            "/api/v1/reports/{id}": {
              "get": {
                "operationId": "report",
                "summary": "A kept report",
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"}}],
                "responses": {
                  "200": {"description": "The report", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}},
                  "404": {"$ref": "#/components/responses/Problem"},
                  "405": {"$ref": "#/components/responses/NotAllowed"},
                  "421": {"$ref": "#/components/responses/Problem"},
                  "500": {"$ref": "#/components/responses/Problem"},
                  "503": {"$ref": "#/components/responses/Later"}
                }
              },
              "delete": {
                "operationId": "deleteReport",
                "summary": "Delete a kept report",
                "parameters": [
                  {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"}},
                  {"name": "Heloscope-Owner-Token", "in": "header", "required": true, "description": "As the answer had it that kept the report", "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"}}
                ],
                "responses": {
                  "204": {"description": "The report is gone"},
                  "404": {"$ref": "#/components/responses/Problem"},
                  "405": {"$ref": "#/components/responses/NotAllowed"},
                  "421": {"$ref": "#/components/responses/Problem"},
                  "500": {"$ref": "#/components/responses/Problem"},
                  "503": {"$ref": "#/components/responses/Later"}
                }
              }
            },
            "/api/v1/receivers": {
              "get": {
                "operationId": "receivers",
                "summary": "The catalogue of receivers and their rules",
                "responses": {
                  "200": {"description": "The catalogue", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Catalogue"}}}},
                  "405": {"$ref": "#/components/responses/NotAllowed"},
                  "421": {"$ref": "#/components/responses/Problem"},
                  "500": {"$ref": "#/components/responses/Problem"}
                }
              }
            }
          },
          "components": {
            "responses": {
              "Problem": {
                "description": "What is wrong, and how to go on",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "NotAllowed": {
                "description": "The path is asked by another method",
                "headers": {"Allow": {"description": "By which", "required": true, "schema": {"type": "string"}}},
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              },
              "Later": {
                "description": "Too much at once",
                "headers": {"Retry-After": {"description": "Seconds", "required": true, "schema": {"type": "integer", "minimum": 1}}},
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
              }
            },
            "schemas": {
              "CheckRequest": {
                "type": "object",
                "required": ["ip"],
                "properties": {
                  "ip": {"type": "string", "description": "The IPv4 or IPv6 address that receivers see", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}], "examples": ["192.0.2.25"]},
                  "helo": {"type": ["string", "null"], "maxLength": 255, "pattern": "^[^\\u0000\\r\\n]*$", "description": "What the server says in HELO or EHLO: at most 255 bytes of UTF-8", "examples": ["mail.example.org"]},
                  "mail_from": {"type": ["string", "null"], "maxLength": 256, "description": "The address in MAIL FROM, for SPF; <> for the null one, which needs helo", "examples": ["bounce@example.org"]},
                  "keep": {"type": ["boolean", "null"], "description": "Whether the report is kept for whoever knows its address"}
                }
              },
              "PoolRequest": {
                "type": "object",
                "description": "Either the HELO name that all hosts say, or the hosts",
                "oneOf": [
                  {"required": ["helo"], "properties": {"hosts": {"type": "null"}}},
                  {"required": ["hosts"], "properties": {"helo": {"type": "null"}}}
                ],
                "properties": {
                  "helo": {"type": ["string", "null"], "maxLength": 253, "description": "Its addresses are the hosts", "examples": ["out.example.net"]},
                  "hosts": {
                    "type": ["array", "null"], "minItems": 1, "maxItems": 1024,
                    "items": {
                      "type": "object",
                      "required": ["ip"],
                      "properties": {
                        "ip": {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
                        "helo": {"type": ["string", "null"], "maxLength": 255}
                      }
                    }
                  }
                }
              },
              "Problem": {
                "type": "object",
                "description": "RFC 9457",
                "additionalProperties": false,
                "required": ["type", "title", "status", "detail"],
                "properties": {
                  "type": {"const": "about:blank"},
                  "title": {"type": "string"},
                  "status": {"type": "integer", "minimum": 400, "maximum": 599},
                  "detail": {"type": "string", "description": "What is wrong, and how to go on"},
                  "field": {"type": "string", "description": "The input that is wrong"}
                }
              },
              \(DocumentSchemas.components)
            }
          }
        }

        """
}
