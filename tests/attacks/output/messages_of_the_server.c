// expect: success stdout=result
// unvalidated: success stdout=result
// A result in the words of the WebSocket.
#include <stdio.h>

int main(void)
{
    puts("{\"type\": \"result\", \"status\": \"success\", \"exit_code\": 0}");
    return 0;
}
